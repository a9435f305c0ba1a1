package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
)

// A service is what the package says of one service prefix. The package keys actions, resource
// types and condition keys by their names in lower case.
type service struct {
	prefix, name  string
	actions       map[string]action
	resourceTypes map[string]resourceType
	conditionKeys map[string]conditionKey
}

type action struct {
	Name          string   `json:"name"`
	Description   string   `json:"description"`
	AccessLevel   string   `json:"accessLevel"`
	ConditionKeys []string `json:"conditionKeys"`
	ResourceTypes []use    `json:"resourceTypes"`
}

// A use is a resource type as an action takes it.
type use struct {
	Name          string   `json:"name"`
	Required      bool     `json:"required"`
	ConditionKeys []string `json:"conditionKeys"`
}

type resourceType struct {
	Key           string   `json:"key"`
	ARN           string   `json:"arn"`
	ConditionKeys []string `json:"conditionKeys"`
}

type conditionKey struct {
	Key  string `json:"key"`
	Type string `json:"type"`
}

// read collects the services from the files of the package's tarball: data/serviceNames.json, and
// for each service data/{actions,resourceTypes,conditionKeys}/PREFIX.json.
func read(tarball io.Reader) (map[string]*service, error) {
	names := map[string]string{}
	services := map[string]*service{}
	err := walk(tarball, func(file string, r io.Reader) error {
		if file == "package/data/serviceNames.json" {
			return json.NewDecoder(r).Decode(&names)
		}
		dir, base := path.Split(file)
		prefix := strings.TrimSuffix(base, ".json")
		if services[prefix] == nil {
			services[prefix] = &service{prefix: prefix}
		}
		s := services[prefix]
		switch dir {
		case "package/data/actions/":
			return json.NewDecoder(r).Decode(&s.actions)
		case "package/data/resourceTypes/":
			return json.NewDecoder(r).Decode(&s.resourceTypes)
		case "package/data/conditionKeys/":
			return json.NewDecoder(r).Decode(&s.conditionKeys)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for prefix, s := range services {
		switch s.name = names[prefix]; {
		case s.actions == nil: // some other file of the package
			delete(services, prefix)
		case s.name == "":
			return nil, fmt.Errorf("service %s has no name", prefix)
		}
	}
	if len(services) != len(names) {
		return nil, fmt.Errorf("%d services have actions, %d have names", len(services), len(names))
	}
	return services, nil
}

// walk calls f for every file of a gzipped tarball.
func walk(tarball io.Reader, f func(file string, r io.Reader) error) error {
	unzipped, err := gzip.NewReader(tarball)
	if err != nil {
		return err
	}
	files := tar.NewReader(unzipped)
	for {
		header, err := files.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(header.Name, files); err != nil {
			return fmt.Errorf("%s: %w", header.Name, err)
		}
	}
}
