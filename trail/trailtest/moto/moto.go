// Package moto starts moto's server (https://docs.getmoto.org), which answers as AWS does for IAM, S3,
// Lambda, Organizations, STS, AWS Config and the API of Athena. Integration tests use it; what it lacks
// package awsfake makes up.
package moto

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Variable names the environment variable with the path of the moto_server program.
const Variable = "WHITTLE_MOTO"

// maxLog is how much a failed test shows of what the server wrote, in bytes.
const maxLog = 2000

// Account is the number of moto's default account.
const Account = "123456789012"

// Start runs a server on a free loopback port until the test ends and returns its URL. Each server has
// state of its own. AWS's managed policies are loaded. env are further variables of its environment,
// such as "MOTO_ACCOUNT_ID=111122223333" for another default account.
func Start(tb testing.TB, env ...string) string {
	tb.Helper()
	program := os.Getenv(Variable)
	if program == "" {
		tb.Fatalf("%s is not set: run \"make integration\", which installs moto's server and sets it", Variable)
	}
	port := freePort(tb)
	var output bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "-H", "127.0.0.1", "-p", fmt.Sprint(port))
	cmd.Env = append(append(os.Environ(), "MOTO_IAM_LOAD_MANAGED_POLICIES=true"), env...)
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		cancel()
		tb.Fatalf("start moto: %v", err)
	}
	tb.Cleanup(func() {
		cancel()
		cmd.Wait()
		if tb.Failed() && testing.Verbose() {
			log := output.Bytes()
			tb.Logf("moto wrote at last:\n%s", log[max(0, len(log)-maxLog):])
		}
	})
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		response, err := http.Get(url + "/moto-api/data.json")
		if err == nil {
			response.Body.Close()
			return url
		}
		if time.Now().After(deadline) {
			tb.Fatalf("moto does not answer at %s after a minute: %v", url, err)
		}
	}
}

// Config is a configuration for clients of a server at a URL.
func Config(url, region string) aws.Config {
	return aws.Config{
		Region:       region,
		BaseEndpoint: aws.String(url),
		Credentials:  credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
	}
}

func freePort(tb testing.TB) int {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
