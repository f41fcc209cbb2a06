//! What a newcomer does: the program itself, filled, toured with README's `curl`, stopped, killed and started again.

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// A running `demo`, with what it has said so far.
struct Demo {
    process: Child,
    said: String,
    // Kept, so that the program can go on writing.
    _out: BufReader<ChildStdout>,
}

impl Demo {
    fn start(data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_ocop-market"))
            .args(["demo", "--addr", "127.0.0.1:0", "--data-dir"])
            .arg(data)
            .env("HOME", "/nonexistent")
            .env_remove("DATABASE_URL")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut said = String::new();
        while !said.contains("Ctrl-C stops everything.") {
            assert!(out.read_line(&mut said).unwrap() > 0, "it ended early: {said}");
        }
        Self { process, said, _out: out }
    }

    fn address(&self) -> String {
        let after = self.said.split("http://").nth(1).unwrap();
        format!("http://{}", after.split_whitespace().next().unwrap())
    }

    /// Where its providers are.
    fn providers(&self) -> String {
        let after = self.said.split("providers").nth(1).unwrap();
        after.split_whitespace().next().unwrap().to_owned()
    }

    fn terminate(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(asked.success());
        assert!(self.process.wait().unwrap().success());
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Demo {
    /// Nothing is left running by a test that failed.
    fn drop(&mut self) {
        if self.process.kill().is_ok() {
            self.process.wait().ok();
        }
    }
}

/// README's tour, against this server.
fn tour(address: &str, providers: &str) -> String {
    let readme = include_str!("../../README.md");
    let block = readme.split("```sh\n").find(|block| block.starts_with("API=")).unwrap();
    let script = block.split("```").next().unwrap();
    script
        .replace("API=http://127.0.0.1:8080", &format!("API={address}"))
        .replace("SIMULATOR=http://127.0.0.1:8081", &format!("SIMULATOR={providers}"))
        .replace("cargo run -q --", env!("CARGO_BIN_EXE_ocop-market"))
}

#[test]
fn a_newcomer_starts_it_tours_it_stops_it_kills_it_and_starts_it_again() {
    let data = tempfile::tempdir().unwrap();
    // PostgreSQL does not run as root, so another user must be able to enter.
    fs::set_permissions(data.path(), Permissions::from_mode(0o755)).unwrap();
    let data_dir = data.path().join("demo");

    let first = Demo::start(&data_dir);
    assert!(first.said.contains("Filling"));
    let toured = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &tour(&first.address(), &first.providers())])
        .output()
        .unwrap();
    assert!(toured.status.success(), "{}", String::from_utf8_lossy(&toured.stderr));
    let answers = String::from_utf8_lossy(&toured.stdout);
    for expected in [
        "Vĩnh Long",
        "\"stars\":4",
        "UBND tỉnh Lai Châu",
        "\"status\":\"placed\"",
        "\"demo\":true",
        "hữu cơ",
        "\"state\":\"valid\"",
        "\"status\":\"captured\"",
    ] {
        assert!(answers.contains(expected), "no {expected} in {answers}");
    }
    first.terminate();

    let second = Demo::start(&data_dir);
    assert!(!second.said.contains("Filling"), "the data of the first start are there");
    second.kill();

    // Only a cluster that has stopped after the kill can be started again.
    let third = Demo::start(&data_dir);
    third.terminate();
    let processes = Command::new("ps").args(["-eo", "args"]).output().unwrap();
    let processes = String::from_utf8_lossy(&processes.stdout);
    let left: Vec<_> = processes.lines().filter(|line| line.contains(&*data_dir.to_string_lossy())).collect();
    assert!(left.is_empty(), "{left:#?}");
}
