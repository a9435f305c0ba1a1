package actionmap

// modelFormTests are the cases of TestForms for the forms of models and of objects in S3.
var modelFormTests = func() []formTest {
	const profile = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.meta.llama"
	const application = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a"
	const prompt = "arn:aws:bedrock:us-east-1:111122223333:prompt/P:1"
	parts := func(texts ...string) []value { return []value{{parts: texts}} }
	whole := func(arn string) []value { return []value{{arn: arn}} }
	destinations := func(region, model string) []value {
		return []value{{region: region, parts: []string{model},
			assumed: "the profile sends calls to Regions of its geography, which the event does not list"}}
	}
	behind := func(kind string) []value {
		return []value{{region: "*", hidden: "the event does not name the foundation-model behind the " + kind + ", nor its Regions"}}
	}
	under := func(texts ...string) []value {
		return []value{{parts: texts, suffix: "*", assumed: "the service names the objects that it writes under the address"}}
	}
	return []formTest{
		{"foundation-model", "meta.llama3-1:0", parts("meta.llama3-1:0"), reads},
		{"foundation-model", "minimax.m2.1", parts("minimax.m2.1"), reads},
		{"foundation-model", "us.meta.llama", nil, elsewhere},
		{"foundation-model", "my-model", nil, elsewhere},
		{"foundation-model", profile, whole(profile), reads}, // of another type, which the target refuses
		{"inference-profile", "us.meta.llama", parts("us.meta.llama"), reads},
		{"inference-profile", "meta.llama", nil, elsewhere},
		{"inference-profile", profile, whole(profile), reads},
		{"application-profile", "a1b2c3", parts("a1b2c3"), reads},
		{"application-profile", "us.meta.llama", nil, elsewhere},
		{"profile-model", "eu.meta.llama", parts("meta.llama"), reads},
		{"profile-model", profile, parts("meta.llama"), reads},
		{"profile-model", "meta.llama", nil, nothing},
		{"profile-model", application, behind("application-inference-profile"), reads},
		{"profile-model", prompt, behind("prompt"), reads},
		{"profile-model", "us..llama", nil, nothing},
		{"profile-destinations", profile, destinations("us-*", "meta.llama"), reads},
		{"profile-destinations", "us-gov.meta.llama", destinations("us-gov-*", "meta.llama"), reads},
		{"profile-destinations", "xx.meta.llama", destinations("*", "meta.llama"), reads},
		{"profile-destinations", "global.meta.llama", []value{{region: public, parts: []string{"meta.llama"}}}, reads},
		{"profile-destinations", application, nil, nothing},
		{"prompt-arn", prompt, whole(prompt), reads},
		{"prompt-arn", application, nil, nothing},
		{"prompt-arn", "P", nil, nothing},
		{"managed-tool", "aws.browser.v1", parts("aws.browser.v1"), reads},
		{"managed-tool", "mine-1", nil, elsewhere},
		{"project-name", "arn:aws:rekognition:us-east-1:444455556666:project/p/1", []value{{account: "444455556666", parts: []string{"p"}}}, reads},
		{"project-name", "arn:aws:rekognition:us-east-1:444455556666:project/p/version/v/1", nil, unreadable},
		{"project-name", "p", nil, unreadable},
		{"s3-uri", "s3://b/k/l", parts("b", "k/l"), reads},
		{"s3-uri", "https://s3.eu-west-1.amazonaws.com/b/k%20l", parts("b", "k l"), reads},
		{"s3-uri", "https://s3-eu-west-1.amazonaws.com/b/k", parts("b", "k"), reads},
		{"s3-uri", "https://b.c.s3.amazonaws.com/k", parts("b.c", "k"), reads},
		{"s3-uri", "https://s3.amazonaws.com.example.com/b/k", nil, unreadable},
		{"s3-uri", "https://example.com/b/k", nil, unreadable},
		{"s3-uri", "s3://b", nil, unreadable},
		{"s3-uri", "s3:///k", nil, unreadable},
		{"s3-prefix", "s3://b/p", under("b", "p"), reads},
		{"s3-prefix", "s3://b/", nil, elsewhere},
		{"s3-bucket", "s3://b/", parts("b"), reads},
		{"s3-bucket", "s3://b", parts("b"), reads},
		{"s3-bucket", "b", nil, unreadable},
		{"key-prefix", "p/", under("p/"), reads},
	}
}()
