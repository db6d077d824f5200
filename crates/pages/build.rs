//! Makes sure that the folder of the built ui exists, so that a plain `cargo build` works without Node.

fn main() {
    let dist = "../../ui/dist";
    std::fs::create_dir_all(dist).expect("cannot create ui/dist beside the workspace: make the checkout writable");
    // A release embeds the files and must be rebuilt after Vite; a debug build reads them from disk.
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo:rerun-if-changed={dist}");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
