//! Versions that locks and environments say, while the server runs.

use serde_json::{Value, json};
use testkit::{Client, Setup, Shop};

fn fastapi(client: &mut Client) -> Value {
    client.status()["folders"][0]["projects"][0]["versions"]["fastapi"].clone()
}

fn lock(version: &str) -> String {
    format!("version = 1\n[[package]]\nname = \"fastapi\"\nversion = \"{version}\"\n")
}

#[test]
fn a_changed_lock_counts_without_a_restart() {
    let shop = Shop::new();
    let lock_file = shop.path("uv.lock");
    shop.write("uv.lock", &lock("0.120.1"));
    let mut client = shop.session();
    let locked = |version: &str| json!({"version": version, "by": "locked", "from": lock_file});
    assert_eq!(fastapi(&mut client), locked("0.120.1"));
    shop.write("uv.lock", &lock("0.150.0"));
    client.touch(&[(&lock_file, 2)]);
    assert_eq!(fastapi(&mut client), locked("0.150.0"));
    std::fs::remove_file(&lock_file).unwrap();
    client.touch(&[(&lock_file, 3)]);
    assert_eq!(fastapi(&mut client)["by"], "assumed");
    client.shut_down();
}

#[test]
fn a_broken_lock_is_a_diagnostic_in_it_until_it_is_mended() {
    let shop = Shop::new();
    let lock_file = shop.path("uv.lock");
    shop.write("uv.lock", "version = 1\n<<<<<<< HEAD\n");
    let mut client = shop.session();
    let found = client.wait_for_diagnostics(&lock_file, |found| !found.is_empty());
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.ends_with("write it anew with `uv lock`"), "{message}");
    assert_eq!(found[0]["range"]["start"]["line"], 1);
    assert_eq!(client.status()["problems"][0]["message"], message);
    assert_eq!(client.routes().len(), 2);
    shop.write("uv.lock", &lock("0.120.1"));
    client.touch(&[(&lock_file, 2)]);
    client.wait_for_diagnostics(&lock_file, <[Value]>::is_empty);
    assert_eq!(fastapi(&mut client)["version"], "0.120.1");
    client.shut_down();
}

#[test]
fn an_upgrade_in_the_environment_counts_without_a_restart() {
    let shop = Shop::new();
    let installed = |version: &str| format!(".venv/lib/python3.13/site-packages/fastapi-{version}.dist-info/METADATA");
    shop.write(".venv/pyvenv.cfg", "version = 3.13.1\n");
    shop.write(&installed("0.120.1"), "");
    let (mut client, _) = Client::start(&Setup::new(shop.folder()));
    assert_eq!(fastapi(&mut client)["version"], "0.120.1");
    let old = shop.path(".venv/lib/python3.13/site-packages/fastapi-0.120.1.dist-info");
    std::fs::remove_dir_all(&old).unwrap();
    shop.write(&installed("0.163.2"), "");
    client.touch(&[(&shop.path(&installed("0.163.2")), 1)]);
    assert_eq!(fastapi(&mut client)["version"], "0.163.2");
    // An environment outside the workspace is not watched: the next save looks.
    let new = shop.path(".venv/lib/python3.13/site-packages/fastapi-0.163.2.dist-info");
    std::fs::remove_dir_all(&new).unwrap();
    shop.write(&installed("0.150.0"), "");
    let saved = json!({"textDocument": {"uri": testkit::uri(&shop.path("app/main.py"))}});
    client.notify("textDocument/didSave", saved);
    assert_eq!(fastapi(&mut client)["version"], "0.150.0");
    client.shut_down();
}
