//! Tells the linker what a Node-API addon needs on this platform, and the crate whether `src/sys` is written for it.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(supported_system)");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-cfg=supported_system");
    }
    // Among them `-z nodelete`: Node unloads an addon that only a Worker had loaded, and threads of ours go on in its code. On
    // musl nothing is ever unloaded.
    napi_build::setup();
}
