package lint

import (
	"regexp"
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// regionForm is what a Region is called: an area, which may name a partition, a direction and a number.
// A list would call the next Region a mistake.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var regionForm = regexp.MustCompile(`^([a-z]{2}|[a-z]{2}-(gov|iso[a-z]?)|eusc-[a-z]{2})-` +
	`(central|north|south|east|west|northeast|northwest|southeast|southwest)-[0-9]{1,2}$`)

// partitions are those of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html, each with
// what begins the names of its Regions.
var partitions = []struct{ name, region string }{
	{"aws", ""},
	{"aws-cn", "cn-"},
	{"aws-us-gov", "us-gov-"},
	{"aws-iso", "us-iso-"},
	{"aws-iso-b", "us-isob-"},
	{"aws-iso-e", "eu-isoe-"},
	{"aws-iso-f", "us-isof-"},
	{"aws-eusc", "eusc-"},
}

// isPartition says whether a pattern can be one of the partitions.
func isPartition(pattern string) bool {
	p := glob.Compile(pattern)
	for _, partition := range partitions {
		if p.Match(partition.name) {
			return true
		}
	}
	return false
}

// partitionOf returns the partition that a Region is in.
func partitionOf(region string) string {
	for _, p := range partitions[1:] {
		if strings.HasPrefix(region, p.region) {
			return p.name
		}
	}
	return partitions[0].name
}
