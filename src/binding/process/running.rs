//! A child that is being watched: raised as `onexit` at its end.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use napi::{
    Env,
    bindgen_prelude::{Null, ToNapiValue},
};

use crate::{
    node::api::{AsyncContext, HandleScope, Persistent},
    process::{self, Child, ExitStatus},
};

/// One child, its JS handle, and whether it keeps the loop alive.
#[derive(Default)]
pub struct Running {
    child: RefCell<Option<Child>>,
    /// The JS handle, which stays alive as long as the child.
    handle: RefCell<Option<(Persistent, Rc<AsyncContext>)>>,
    /// By what the list of children knows it. They are told apart by that: a pid would not do, as it may belong to a newer child
    /// when other code in the process has reaped this one.
    pub(super) token: u64,
    pub(super) has_ref: Cell<bool>,
}

impl Running {
    pub(super) fn new(token: u64, child: Child, handle: Persistent, context: Rc<AsyncContext>) -> Self {
        Self {
            child: RefCell::new(Some(child)),
            handle: RefCell::new(Some((handle, context))),
            token,
            has_ref: Cell::new(true),
        }
    }

    /// Uses the child; none once it has been given up.
    pub(super) fn with<T>(&self, use_child: impl FnOnce(&mut Child) -> T) -> Option<T> {
        self.child.borrow_mut().as_mut().map(use_child)
    }

    /// Gives up the child and everything that ties it to JS.
    pub(super) fn release(&self) -> Option<Child> {
        self.handle.take();
        self.child.take()
    }

    /// Lets go of the child, which has been reaped.
    pub(super) fn drop_child(&self) {
        self.child.take();
    }

    /// `handle.onexit(exitCode, signalCode)` as Node's `ProcessWrap` calls it: code 0 with a signal, '' without one. An unknown
    /// status is `(null, '')`.
    pub(super) fn call_onexit(&self, env: Env, status: ExitStatus) {
        let Some((handle, context)) = self.handle.take() else { return };
        let Ok(_scope) = HandleScope::open(&env) else { return };
        let (code, signal) = match status {
            ExitStatus::Code(code) => (code.into_unknown(&env), ""),
            ExitStatus::Signal(signal) => (0.into_unknown(&env), process::signal::name(signal)),
            ExitStatus::Unknown => (Null.into_unknown(&env), ""),
        };
        if let (Ok(this), Ok(code), Ok(signal)) = (handle.get(), code, signal.into_unknown(&env)) {
            context.call_method(&this, c"onexit", &[code, signal]);
        }
    }
}
