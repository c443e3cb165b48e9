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
    /// Those that can be reaped.
    exited: RefCell<Vec<Rc<Running>>>,
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

    /// Notes that a child can be reaped, once: libuv polls several times in a turn if a thousand descriptors are ready, and
    /// reports every one each time.
    pub fn note_exit(&self, running: &Rc<Running>) {
        if !running.noted.replace(true) {
            self.exited.borrow_mut().push(Rc::clone(running));
        }
    }

    /// Those that have been noted since the last call.
    pub fn take_exited(&self) -> Vec<Rc<Running>> {
        let exited = self.exited.take();
        for running in &exited {
            running.noted.set(false);
        }
        exited
    }

    /// Lets go of all that are left.
    pub fn take(&self) -> Vec<Rc<Running>> {
        self.exited.take();
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

    #[test]
    fn an_exit_is_noted_once_until_it_is_taken() {
        let children = Children::default();
        let (one, two) = (Rc::new(Running::default()), Rc::new(Running::default()));
        for running in [&one, &two, &one, &two] {
            children.note_exit(running);
        }
        let exited = children.take_exited();
        assert_eq!(exited.len(), 2);
        assert!(Rc::ptr_eq(&exited[0], &one) && Rc::ptr_eq(&exited[1], &two));
        assert!(children.take_exited().is_empty());
        // One that had to wait for a later turn is reported again.
        children.note_exit(&two);
        assert_eq!(children.take_exited().len(), 1);
    }
}
