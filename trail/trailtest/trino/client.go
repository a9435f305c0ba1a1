package trino

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// create is the statement for a table over a folder of JSON lines.
func create(name string, columns [][2]string, location string) string {
	types := strings.NewReplacer("struct<", "row(", "array<", "array(", ">", ")", ":", " ", "string", "varchar")
	lines := make([]string, len(columns))
	for i, c := range columns {
		lines[i] = `"` + c[0] + `" ` + types.Replace(c[1])
	}
	return "CREATE TABLE hive.default." + name + " (" + strings.Join(lines, ", ") +
		") WITH (format = 'OPENX_JSON', external_location = '" + location + "')"
}

// An answer is what the server says to a statement, in parts:
// https://trino.io/docs/current/develop/client-protocol.html
type answer struct {
	NextURI string      `json:"nextUri"`
	Data    [][]*string `json:"data"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// Query runs a statement whose columns are texts, and returns its rows. Null is the empty text, as in the
// files that Athena writes.
func (s *Server) Query(ctx context.Context, sql string) ([][]string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/v1/statement", strings.NewReader(sql))
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{"User": "whittle", "Catalog": "hive", "Schema": "default"} {
		request.Header.Set("X-Trino-"+name, value)
	}
	var rows [][]string
	for {
		part, err := ask(request)
		if err != nil {
			return nil, err
		}
		for _, data := range part.Data {
			row := make([]string, len(data))
			for i, value := range data {
				if value != nil {
					row[i] = *value
				}
			}
			rows = append(rows, row)
		}
		if part.NextURI == "" {
			return rows, nil
		}
		if request, err = http.NewRequestWithContext(ctx, http.MethodGet, part.NextURI, nil); err != nil {
			return nil, err
		}
	}
}

func ask(request *http.Request) (answer, error) {
	var part answer
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return part, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return part, fmt.Errorf("trino: %s", response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(&part); err != nil {
		return part, fmt.Errorf("trino: %w", err)
	}
	if part.Error != nil {
		return part, fmt.Errorf("trino: %s", part.Error.Message)
	}
	return part, nil
}
