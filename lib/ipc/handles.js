'use strict'

const dgram = require('node:dgram')
const fs = require('node:fs')
const net = require('node:net')
const { native } = require('../binding')
const { codes } = require('../errors')
const { hasBoundSocket } = require('../node-version')
const { SocketListReceive, SocketListSend } = require('./socket-list')
const { kChannelHandle } = require('./symbols')

/** @typedef {import('./types').Channel} Channel */
/** @typedef {import('./types').Conversion} Conversion */
/** @typedef {import('./types').Target} Target */

const noop = () => {}

/**
 * The socket list of one server, on the sending or the receiving side.
 * @param {Target} target
 * @param {'send' | 'got'} side
 * @param {string} key
 */
function getSocketList(target, side, key) {
  const { sockets } = /** @type {Channel} */ (target[kChannelHandle])
  const List = /** @type {any} */ (side === 'send' ? SocketListSend : SocketListReceive)
  return (sockets[side][key] ??= new List(target, key))
}

/**
 * Whether this is a native handle of the class `name`. Node does not publish these classes.
 * @param {any} value
 * @param {string[]} names
 */
function isNative(value, ...names) {
  return (
    typeof value === 'object' &&
    typeof value.fd === 'number' &&
    typeof value.getAsyncId === 'function' &&
    names.includes(value.constructor?.name)
  )
}

/** The state of a dgram.Socket, which holds its native handle, is behind a symbol. */
const stateOf = (/** @type {any} */ socket) => {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol')
  return symbol && socket[symbol]
}

/**
 * How each type of handle travels. The names are part of the protocol.
 * @type {Record<string, Conversion>}
 */
const handleConversion = {
  __proto__: /** @type {any} */ (null),

  'net.Socket': {
    matches: handle => handle instanceof net.Socket,

    send(envelope, socket) {
      if (socket._handle && socket.server) envelope.key = socket.server._connectionKey
      return socket._handle
    },

    detach(socket, native) {
      // What arrives from now on is the receiver's, although this end stays open until it has confirmed.
      native.onread = noop
      native.readStop()
      socket._handle = null
      socket.setTimeout(0)
      releaseHttp(socket)
    },

    got(envelope, handle, target, emit) {
      const socket = new net.Socket(/** @type {any} */ ({ handle, readable: true, writable: true }))
      if (envelope.key) getSocketList(target, 'got', envelope.key).add({ socket })
      emit(socket)
    }
  },

  'net.Server': {
    matches: handle => handle instanceof net.Server,
    send: (_envelope, server) => server._handle,

    got(_envelope, handle, _target, emit) {
      const server = /** @type {any} */ (new net.Server())
      server.once('listening', () => {
        server.removeAllListeners('error')
        emit(server)
      })
      // Not every descriptor can listen. One that cannot is the sender's mistake, and closed by the server.
      server.once('error', noop)
      if (isNative(handle, 'TCP')) {
        server.listen(handle)
      } else {
        // listen() would take a pipe's handle for no more than its number, and two handles would own the descriptor.
        server._handle = handle
        server._listen2(null, -1, -1)
      }
    }
  },

  'net.Native': {
    matches: handle => isNative(handle, 'TCP', 'Pipe'),
    send: (_envelope, handle) => handle,
    got: (_envelope, handle, _target, emit) => emit(handle)
  },

  'dgram.Socket': {
    matches: handle => handle instanceof dgram.Socket,

    send(envelope, socket) {
      envelope.dgramType = socket.type
      return stateOf(socket)?.handle
    },

    got(envelope, handle, _target, emit) {
      const socket = dgram.createSocket(envelope.dgramType)
      socket.bind(handle, () => emit(socket))
    }
  },

  'dgram.Native': {
    matches: handle => isNative(handle, 'UDP'),
    send: (_envelope, handle) => handle,
    got: (_envelope, handle, _target, emit) => emit(handle)
  }
}

if (hasBoundSocket) {
  const { BoundSocket, _TransferredBoundSocket } = /** @type {any} */ (net)
  handleConversion['net.BoundSocket'] = {
    matches: handle => handle instanceof BoundSocket,

    send(_envelope, bound) {
      if (bound.isPipe) throw new codes.ERR_INVALID_HANDLE_TYPE()
      // Adopting it is the public way to the handle; the bound socket is used up by that, as by a transfer.
      const socket = new net.Socket(/** @type {any} */ ({ handle: bound }))
      return takeHandle(socket)
    },

    detach: noop,

    got(_envelope, handle, _target, emit) {
      const bound = new _TransferredBoundSocket()
      const symbols = Object.getOwnPropertySymbols(BoundSocket.prototype)
      const deserialize = symbols.find(({ description }) => description?.includes('deserialize'))
      bound[/** @type {symbol} */ (deserialize)]({ handle })
      emit(bound)
    }
  }
}

/**
 * The type under which a handle travels.
 * @param {any} handle
 * @returns {string}
 * @throws {TypeError} ERR_INVALID_HANDLE_TYPE
 */
function typeOf(handle) {
  for (const type in handleConversion) if (handleConversion[type].matches(handle)) return type
  throw new codes.ERR_INVALID_HANDLE_TYPE()
}

/**
 * Tells a server that one of its sockets now lives with the receiver.
 *
 * @param {any} socket
 * @param {Target} target
 * @param {boolean} keepOpen
 */
function handOver(socket, target, keepOpen) {
  const { server } = socket
  const isFirst = !(/** @type {Channel} */ (target[kChannelHandle]).sockets.send[server._connectionKey])
  const list = getSocketList(target, 'send', server._connectionKey)
  if (isFirst) server._setupWorker(list)
  if (!keepOpen) server._connections--
}

/**
 * Frees what an http server has attached to a connection. Its parser may read the handle directly, past the socket.
 * @param {any} socket
 */
function releaseHttp(socket) {
  const { parser } = socket
  if (typeof parser?.unconsume !== 'function') return
  if (parser._consumed) parser.unconsume()
  parser._consumed = false
  parser.socket = null
  parser.incoming = null
  parser.outgoing = null
  parser.onIncoming = null
  parser.remove()
  // Not at once: the parser may be the one that is calling. When it has done with the message it enters itself into the
  // server's list of connections again, which closing it would leave pointing nowhere.
  setImmediate(() => {
    parser.remove()
    parser.close()
  })
  socket.parser = null
  socket._httpMessage?.detachSocket(socket)
}

/**
 * Makes a native handle, of the kind that the descriptor is, and gives it the descriptor.
 * @param {number} fd
 * @returns {any} undefined, and the descriptor closed, if it is no socket
 */
function openDescriptor(fd) {
  const handle = adoptDescriptor(fd)
  native.claim(fd)
  return handle
}

/** @param {number} fd */
function adoptDescriptor(fd) {
  try {
    return takeHandle(new net.Socket({ fd, readable: false, writable: false }))
  } catch {
    // Not a stream.
  }
  try {
    const { handle } = stateOf(dgram.createSocket('udp4'))
    if (handle.open(fd) === 0) return handle
    handle.close()
  } catch {
    // Node's state of a datagram socket has changed its shape.
  }
  fs.closeSync(fd)
  return undefined
}

/** @param {any} socket */
function takeHandle(socket) {
  const handle = socket._handle
  socket._handle = null
  return handle
}

module.exports = { handOver, handleConversion, openDescriptor, typeOf }
