package trail

// The reasons for which a record is not used, counted in Stats.Skipped.
const (
	// SkipMalformed records are no JSON, lack a name or time, or have a member of the wrong type.
	SkipMalformed SkipReason = "malformed"
	// SkipOversize records are larger than a source holds at once.
	SkipOversize SkipReason = "oversize"
	// SkipNotEvent is JSON among CloudTrail records that is not one.
	SkipNotEvent SkipReason = "not-an-event"
	// SkipControlMessage is a message of CloudWatch Logs about the subscription itself.
	SkipControlMessage SkipReason = "control-message"
	// SkipDuplicate records were read before, from another trail or as another account's copy.
	SkipDuplicate SkipReason = "duplicate"

	SkipOutsideWindow SkipReason = "outside-window"
	SkipOtherAccount  SkipReason = "other-account"
	SkipOtherRegion   SkipReason = "other-region"

	// Events that are no API call of anybody.
	SkipServiceEvent    SkipReason = "service-event"
	SkipNetworkActivity SkipReason = "network-activity"
	SkipInsight         SkipReason = "insight"
	SkipAggregated      SkipReason = "aggregated"
	SkipConsoleSignIn   SkipReason = "console-sign-in"
	SkipConsoleAction   SkipReason = "console-action"
	SkipDigest          SkipReason = "digest"

	// Calls by somebody who is not a role.
	SkipIAMUser            SkipReason = "iam-user"
	SkipRoot               SkipReason = "root"
	SkipFederatedUser      SkipReason = "federated-user"
	SkipSAMLUser           SkipReason = "saml-user"
	SkipWebIdentityUser    SkipReason = "web-identity-user"
	SkipIdentityCenterUser SkipReason = "identity-center-user"
	SkipAWSAccount         SkipReason = "aws-account"
	SkipAWSService         SkipReason = "aws-service"
	// SkipOtherIdentity is a userIdentity type that this version does not know, or none.
	SkipOtherIdentity SkipReason = "other-identity"
	// SkipNoRole is an assumed role of which the record does not tell the name.
	SkipNoRole SkipReason = "no-role"
)

// The reasons for which a file is not used, or not to its end, counted in Stats.SkippedFiles.
const (
	SkipEmptyFile SkipReason = "empty-file"
	// SkipNotCloudTrail files hold no CloudTrail record in any known format.
	SkipNotCloudTrail SkipReason = "not-cloudtrail"
	// SkipUnreadable files, and folders within folders, could not be opened or read.
	SkipUnreadable SkipReason = "unreadable"
	// SkipNotAFile is a pipe, socket, device or link to a folder that lies in a folder.
	SkipNotAFile SkipReason = "not-a-file"
	// SkipTruncated and SkipCorrupt files were used up to the place where they broke.
	SkipTruncated SkipReason = "truncated"
	SkipCorrupt   SkipReason = "corrupt"
	// SkipBomb files decompress to so much more than their size that reading on is pointless.
	SkipBomb SkipReason = "decompression-bomb"

	// Files that the key layout shows not to be needed.
	SkipOutsideQuery        SkipReason = "outside-query"
	SkipDigestFile          SkipReason = "digest-file"
	SkipInsightFile         SkipReason = "insight-file"
	SkipAggregatedFile      SkipReason = "aggregated-file"
	SkipNetworkActivityFile SkipReason = "network-activity-file"
)

// Broken reports whether r means that input was lost: such skips go to Query.OnSkip. The others are
// inputs that are simply not asked for, and are only counted.
func (r SkipReason) Broken() bool {
	switch r {
	case SkipMalformed, SkipOversize, SkipNotEvent, SkipNoRole,
		SkipEmptyFile, SkipNotCloudTrail, SkipUnreadable, SkipNotAFile, SkipTruncated, SkipCorrupt, SkipBomb:
		return true
	}
	return false
}
