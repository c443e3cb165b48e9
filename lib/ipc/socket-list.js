'use strict'

const EventEmitter = require('node:events')
const { codes } = require('../errors')

/** @typedef {import('./types').Target} Target */

/**
 * The sockets of one server that were sent to one child. The server asks them through this, because closing and counting
 * have to wait for the child's answer.
 */
class SocketListSend extends EventEmitter {
  /**
   * @param {Target} child
   * @param {string} key names the server on both sides
   */
  constructor(child, key) {
    super()
    this.key = key
    this.child = child
    child.once('exit', () => this.emit('exit', this))
  }

  /**
   * @param {{ cmd: string, key: string }} message
   * @param {string} reply the command that answers it
   * @param {boolean} swallowErrors
   * @param {(error: Error | null, message?: any) => void} callback
   */
  _request(message, reply, swallowErrors, callback) {
    const { child } = this
    const onclose = () => {
      child.removeListener('internalMessage', onreply)
      callback(new codes.ERR_CHILD_CLOSED_BEFORE_REPLY())
    }
    const onreply = (/** @type {any} */ answer) => {
      if (answer.cmd !== reply || answer.key !== this.key) return
      child.removeListener('disconnect', onclose)
      child.removeListener('internalMessage', onreply)
      callback(null, answer)
    }

    if (!child.connected) return onclose()
    child._send(message, undefined, swallowErrors)
    child.once('disconnect', onclose)
    child.on('internalMessage', onreply)
  }

  /**
   * Waits until the child has closed them all.
   * @param {(error: Error | null) => void} callback
   */
  close(callback) {
    this._request({ cmd: 'NODE_SOCKET_NOTIFY_CLOSE', key: this.key }, 'NODE_SOCKET_ALL_CLOSED', true, callback)
  }

  /**
   * Counts those that are open.
   * @param {(error: Error | null, count?: number) => void} callback
   */
  getConnections(callback) {
    this._request({ cmd: 'NODE_SOCKET_GET_COUNT', key: this.key }, 'NODE_SOCKET_COUNT', false, (error, answer) => {
      if (error) callback(error)
      else callback(null, answer.count)
    })
  }
}

/** The sockets of one server that came from the other side, which is told about them when it asks. */
class SocketListReceive extends EventEmitter {
  /**
   * @param {Target} child
   * @param {string} key
   */
  constructor(child, key) {
    super()
    this.connections = 0
    this.key = key
    this.child = child

    const onempty = () => {
      if (child.connected) child._send({ cmd: 'NODE_SOCKET_ALL_CLOSED', key }, undefined, true)
    }
    child.on('internalMessage', message => {
      if (message.key !== key) return
      if (message.cmd === 'NODE_SOCKET_NOTIFY_CLOSE') {
        if (this.connections === 0) onempty()
        else this.once('empty', onempty)
      } else if (message.cmd === 'NODE_SOCKET_GET_COUNT' && child.connected) {
        child._send({ cmd: 'NODE_SOCKET_COUNT', key, count: this.connections })
      }
    })
  }

  /** @param {{ socket: import('node:net').Socket }} entry */
  add({ socket }) {
    this.connections++
    socket.once('close', () => {
      this.connections--
      if (this.connections === 0) this.emit('empty', this)
    })
  }
}

module.exports = { SocketListReceive, SocketListSend }
