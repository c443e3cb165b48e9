import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Ends what a finished test left running: its session, and what has left the session but still carries the test's
 * private directory in its environment.
 *
 * @param {number} session The session's id, which is the pid of the test.
 * @param {string} directory NODE_TEST_DIR of the test.
 * @returns {Promise<number>} how many there were
 */
export async function endLeftovers(session, directory) {
  if (!find(session, directory).length) return 0
  await wait(300) // some are only on their way out
  const left = find(session, directory)
  for (let round = 0, now = left; now.length && round < 10; round++, now = find(session, directory)) {
    for (const pid of now) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // gone meanwhile
      }
    }
    await wait(50)
  }
  return left.length
}

/** Reads /proc; finds nothing on systems without one. */
function find(session, directory) {
  return pids().filter(pid => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      // The command, in parentheses, may hold anything: state, parent, group and session are counted from its end.
      const [state, , , itsSession] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (state === 'Z' || state === 'X') return false
      if (Number(itsSession) === session) return true
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`NODE_TEST_DIR=${directory}`)
    } catch {
      return false
    }
  })
}

function pids() {
  try {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map(Number)
  } catch {
    return []
  }
}
