//! The children of one environment.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use super::running::Running;

/// The children that are being watched. Their handles may be all that JS has of them.
///
/// They are told apart by identity. A pid would not do: when other code in the process has reaped a child, its pid may
/// belong to a newer one before its own end has been noticed.
#[derive(Default)]
pub struct Children {
    running: RefCell<HashMap<*const Running, Rc<Running>>>,
}

impl Children {
    /// Keeps a child until [`Children::forget`].
    pub fn remember(&self, running: &Rc<Running>) {
        self.running.borrow_mut().insert(Rc::as_ptr(running), Rc::clone(running));
    }

    /// Lets go of a child that has been reaped or handed over.
    pub fn forget(&self, running: &Rc<Running>) {
        self.running.borrow_mut().remove(&Rc::as_ptr(running));
    }

    /// Lets go of all that are left.
    pub fn take(&self) -> Vec<Rc<Running>> {
        self.running.take().into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_forgotten_alone_whatever_its_pid() {
        let children = Children::default();
        // To the system these two are the same: no process, so no pid of their own.
        let (stolen, newer) = (Rc::new(Running::default()), Rc::new(Running::default()));
        children.remember(&stolen);
        children.remember(&newer);
        children.forget(&stolen);
        children.forget(&stolen);
        let left = children.take();
        assert_eq!(left.len(), 1);
        assert!(Rc::ptr_eq(&left[0], &newer));
    }
}
