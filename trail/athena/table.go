package athena

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/whittle-iam/whittle/trail/athena/query"
)

// describeAttempts is how often Athena is asked for a table before Glue is.
const describeAttempts = 3

// table asks what columns, partitions and properties the table has. Athena's answer holds for any catalog;
// where it has none, as without athena:GetTableMetadata, the Glue Data Catalog is asked itself. The location
// is "" where the answer does not tell it, as for a view.
func (s *Source) table(ctx context.Context) (t query.Table, location string, err error) {
	name := s.spec.Database + "." + s.spec.Table
	answer, err := s.api.Athena.GetTableMetadata(ctx, &athena.GetTableMetadataInput{
		CatalogName: &s.spec.Catalog, DatabaseName: &s.spec.Database, TableName: &s.spec.Table,
		WorkGroup: &s.spec.Workgroup,
	}, func(o *athena.Options) { o.RetryMaxAttempts = describeAttempts })
	switch {
	case err == nil && answer.TableMetadata != nil:
		t, location = fromAthena(answer.TableMetadata)
	case missing(err):
		return t, "", fmt.Errorf("table %s: %w; look at the database, the table, the catalog and the Region", name, err)
	case err != nil && (s.spec.Catalog != DefaultCatalog || !declined(err)):
		return t, "", fmt.Errorf("table %s: %w", name, err)
	default:
		if t, location, err = s.glueTable(ctx, err); err != nil {
			return t, "", fmt.Errorf("table %s: %w", name, err)
		}
	}
	t.Database, t.Name = s.spec.Database, s.spec.Table
	return t, location, nil
}

// missing reports whether Athena says that there is no such table.
func missing(err error) bool {
	var failure *types.MetadataException
	return errors.As(err, &failure) && strings.Contains(failure.ErrorMessage(), "EntityNotFound")
}

// declined reports whether Athena may not, or cannot, describe tables. Whatever else keeps a call from its
// answer would keep Glue's from its own.
func declined(err error) bool {
	var api smithy.APIError
	var answer *smithyhttp.ResponseError
	return errors.As(err, &api) && strings.HasPrefix(api.ErrorCode(), "AccessDenied") ||
		errors.As(err, &answer) && answer.HTTPStatusCode() >= http.StatusInternalServerError
}

// glueTable asks the Glue Data Catalog, after Athena's error, if it had one.
func (s *Source) glueTable(ctx context.Context, before error) (query.Table, string, error) {
	answer, err := s.api.Glue.GetTable(ctx, &glue.GetTableInput{DatabaseName: &s.spec.Database, Name: &s.spec.Table})
	var none *gluetypes.EntityNotFoundException
	switch {
	case errors.As(err, &none):
		return query.Table{}, "", fmt.Errorf("%w; look at the database, the table and the Region", err)
	case err != nil && before != nil:
		return query.Table{}, "", fmt.Errorf("%w, nor by Glue: %w", before, err)
	case err != nil:
		return query.Table{}, "", err
	case answer.Table == nil:
		return query.Table{}, "", errors.New("neither Athena nor Glue describes it")
	}
	t := query.Table{Parameters: answer.Table.Parameters, Partitions: glueColumns(answer.Table.PartitionKeys)}
	location := ""
	if d := answer.Table.StorageDescriptor; d != nil {
		t.Columns, location = glueColumns(d.Columns), aws.ToString(d.Location)
	}
	return t, location, nil
}

// fromAthena reads Athena's description, in which the location is one of the properties.
func fromAthena(m *types.TableMetadata) (query.Table, string) {
	return query.Table{
		Columns: athenaColumns(m.Columns), Partitions: athenaColumns(m.PartitionKeys), Parameters: m.Parameters,
	}, m.Parameters["location"]
}

func athenaColumns(list []types.Column) []query.Column {
	var out []query.Column
	for _, c := range list {
		out = append(out, query.Column{Name: aws.ToString(c.Name), Type: aws.ToString(c.Type)})
	}
	return out
}

func glueColumns(list []gluetypes.Column) []query.Column {
	var out []query.Column
	for _, c := range list {
		out = append(out, query.Column{Name: aws.ToString(c.Name), Type: aws.ToString(c.Type)})
	}
	return out
}
