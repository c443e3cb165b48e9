//! Raw system calls, for code that must not touch libc's state.

/// Calls the kernel: `syscall!(SYS_name, arguments…)` gives the result, or errno as `Err`.
///
/// The caller vouches, in `unsafe` terms, that the arguments are what the call's manual page asks for and that pointers
/// outlive it. `errno` of the calling thread is overwritten.
macro_rules! syscall {
    ($number:ident $(, $argument:expr)* $(,)?) => {{
        // SAFETY: as the macro's documentation asks of each use.
        let result = unsafe { libc::syscall(libc::$number $(, $argument)*) };
        // SAFETY: the address of this thread's errno.
        let errno = || unsafe { *libc::__errno_location() };
        // None of the calls in use has more to say than an int holds.
        if result == -1 { Err(errno()) } else { Ok(::std::ffi::c_int::try_from(result).unwrap_or_default()) }
    }};
}

pub(super) use syscall;
