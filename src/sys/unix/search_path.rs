//! Which files a program's name can mean.

use std::ffi::{CStr, CString};

use crate::sys::{CStringBlock, SystemError};

/// The C library's path where PATH is not set (`confstr(_CS_PATH)`).
const DEFAULT_PATH: &[u8] = b"/bin:/usr/bin";
const NAME_MAX: usize = 255;
const PATH_MAX: usize = 4096;

/// The paths to try, in order, by execvp's rules: a name with a slash is a path, any other is looked for along `path`,
/// where an empty entry is the current directory. Relative entries mean the child's directory, so nothing is opened here.
///
/// # Errors
///
/// ENOENT for an empty name, ENAMETOOLONG for one that no directory can hold.
pub(in crate::sys) fn candidates(file: &CStr, path: Option<&[u8]>) -> Result<CStringBlock, SystemError> {
    let name = file.to_bytes();
    if name.is_empty() {
        return Err(SystemError::NOENT);
    }
    if name.contains(&b'/') {
        return Ok(CStringBlock::new(CString::from(file).into_bytes_with_nul()));
    }
    if name.len() > NAME_MAX {
        return Err(SystemError::NAMETOOLONG);
    }
    let mut block = Vec::new();
    for directory in path.unwrap_or(DEFAULT_PATH).split(|byte| *byte == b':') {
        // glibc passes over entries that cannot be part of a path.
        if directory.len() >= PATH_MAX {
            continue;
        }
        if !directory.is_empty() {
            block.extend_from_slice(directory);
            block.push(b'/');
        }
        block.extend_from_slice(name);
        block.push(0);
    }
    Ok(CStringBlock::new(block))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(file: &CStr, path: Option<&str>) -> Result<Vec<String>, SystemError> {
        let block = candidates(file, path.map(str::as_bytes))?;
        Ok(block.iter().map(|path| path.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn a_name_with_a_slash_is_not_looked_for() {
        assert_eq!(names(c"./tool", Some("/bin")), Ok(vec!["./tool".into()]));
    }

    #[test]
    fn entries_are_tried_in_order_and_an_empty_one_is_the_current_directory() {
        assert_eq!(
            names(c"tool", Some("/a::b/")),
            Ok(vec!["/a/tool".into(), "tool".into(), "b//tool".into()])
        );
    }

    #[test]
    fn without_path_the_system_directories_are_searched() {
        assert_eq!(names(c"tool", None), Ok(vec!["/bin/tool".into(), "/usr/bin/tool".into()]));
    }

    #[test]
    fn an_empty_path_is_the_current_directory() {
        assert_eq!(names(c"tool", Some("")), Ok(vec!["tool".into()]));
    }

    #[test]
    fn impossible_names_are_refused() {
        assert_eq!(names(c"", Some("/bin")), Err(SystemError::NOENT));
        let long = CString::new("x".repeat(256)).expect("no NUL");
        assert_eq!(names(&long, Some("/bin")), Err(SystemError::NAMETOOLONG));
    }
}
