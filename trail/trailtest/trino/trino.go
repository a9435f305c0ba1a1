// Package trino runs Trino's server (https://trino.io), on whose SQL engine Amazon Athena's is built, over
// records in files. Integration tests run there the statements that go to Athena.
package trino

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Variable names the environment variable with the folder that .ci/trino made.
const Variable = "WHITTLE_TRINO"

// A Server is a running one, for all tests of a test program.
type Server struct {
	url, dir string
	tables   int
	stop     func()
}

var (
	once    sync.Once
	running *Server
	failed  error
)

// Main runs the tests of a package and then stops the server, if Start started one:
//
//	func TestMain(m *testing.M) { os.Exit(trino.Main(m)) }
func Main(m *testing.M) int {
	code := m.Run()
	if running != nil {
		running.stop()
	}
	return code
}

// Start returns the server, which the first call starts on a free loopback port. It takes half a minute. A
// package that calls it has Main in its TestMain.
func Start(tb testing.TB) *Server {
	tb.Helper()
	if os.Getenv(Variable) == "" {
		tb.Fatalf("%s is not set: run \"make integration\", which installs Trino's server and sets it", Variable)
	}
	once.Do(func() { running, failed = start(os.Getenv(Variable)) })
	if failed != nil {
		tb.Fatal(failed)
	}
	return running
}

func start(program string) (*Server, error) {
	dir, err := os.MkdirTemp("", "whittle-trino-")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &Server{url: fmt.Sprintf("http://127.0.0.1:%d", port), dir: dir}
	if err := s.configure(program, port); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("java", "-Xmx2g", "-XX:TieredStopAtLevel=1", "-Dconfig="+filepath.Join(dir, "config.properties"),
		"-cp", filepath.Join(program, "lib", "*")+string(os.PathListSeparator)+filepath.Join(program, "lib"), "Launcher")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	// The launcher ends when its input does, so that no server outlives the tests, however they end.
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start Trino: %w", err)
	}
	s.stop = func() {
		input.Close()
		cmd.Wait()
		log.Close()
		os.RemoveAll(dir)
	}
	if err := s.wait(); err != nil {
		text, _ := os.ReadFile(log.Name())
		s.stop()
		return nil, fmt.Errorf("start Trino: %w; it wrote:\n%s", err, text[max(0, len(text)-8000):])
	}
	return s, nil
}

func (s *Server) configure(program string, port int) error {
	catalog := filepath.Join(s.dir, "catalog")
	if err := os.MkdirAll(catalog, 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{
		filepath.Join(s.dir, "config.properties"): fmt.Sprintf(`coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port=%d
discovery.uri=%s
node.id=whittle
task.concurrency=1
node.environment=test
node.bind-ip=127.0.0.1
node.internal-address=127.0.0.1
catalog.config-dir=%s
plugin.dir=%s
`, port, s.url, catalog, filepath.Join(program, "plugin")),
		filepath.Join(catalog, "hive.properties"): "connector.name=hive\nhive.metastore=file\nhive.metastore.catalog.dir=" + s.location("metastore") + "\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// location is the name by which the server knows a folder below its own.
func (s *Server) location(path string) string {
	return "local://" + filepath.ToSlash(filepath.Join(s.dir, path))
}

// wait returns when the server answers statements.
func (s *Server) wait() error {
	var err error
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(250 * time.Millisecond) {
		if _, err = s.Query(context.Background(), "CREATE SCHEMA IF NOT EXISTS hive.default"); err != nil {
			continue
		}
		// The server takes statements before it knows that it can itself read tables.
		if _, err = s.Query(context.Background(), "SHOW TABLES FROM hive.default"); err == nil {
			return nil
		}
	}
	return err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// Load makes a table of records and returns its name in the schema "default". Columns are names and Hive
// types. Members of a record that are no text are text in a column that is: an object's JSON, as in Athena.
func (s *Server) Load(tb testing.TB, columns [][2]string, records func(w io.Writer) error) string {
	tb.Helper()
	s.tables++
	name := fmt.Sprintf("records%d", s.tables)
	dir := filepath.Join(s.dir, name)
	if err := os.Mkdir(dir, 0o755); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	f, err := os.Create(filepath.Join(dir, "records.json"))
	if err != nil {
		tb.Fatal(err)
	}
	if err := records(f); err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
	if _, err := s.Query(tb.Context(), create(name, columns, s.location(name))); err != nil {
		tb.Fatal(err)
	}
	return name
}
