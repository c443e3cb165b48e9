/**
 * Puts this package in the place of `child_process` for everything that this thread loads from now on; loading
 * `rs-child-process/register` has done so already. Where the native part cannot be loaded Node's own module stays in
 * place, and one warning says so.
 *
 * @param options.deep make Node processes that inherit this process's environment register as well, by NODE_OPTIONS;
 *   default false, or true when RS_CHILD_PROCESS_REGISTER is `deep`
 * @returns whether this package is in place
 */
export function register(options?: { deep?: boolean }): boolean
