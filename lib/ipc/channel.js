'use strict'

const { native } = require('../binding')
const { errnoException } = require('../errors')
const { hasDeprecatedChannel } = require('../node-version')
const { define } = require('../properties')
const { maybeClose } = require('../stdio/closes')
const { advanced } = require('./advanced')
const { Control, defineDeprecatedChannel } = require('./control')
const { json } = require('./json')
const { addMethods } = require('./methods')
const { Outbox } = require('./outbox')
const { receiveHandle } = require('./received')
const { Receiver } = require('./receiver')
const { acknowledge, closePendingHandle, failQueue, isAcknowledgement } = require('./send')
const { kChannelHandle, kPendingMessages } = require('./symbols')

/** @typedef {import('./types').Target} Target */

/** @type {Record<string, import('./types').Codec>} */
const serializations = { advanced, json }

/**
 * Where a channel stands, and what comes next:
 *
 * | state      | what it means                                              | next                                     |
 * | ---------- | ---------------------------------------------------------- | ---------------------------------------- |
 * | `open`     | messages come and go                                       | `ended`: the other end closes            |
 * |            |                                                            | `closing`: disconnect()                  |
 * |            |                                                            | `draining`: it is called mid-message     |
 * | `ended`    | the other end has closed, and disconnect() is being called | `closing`                                |
 * | `draining` | the rest of the message is waited for                      | `closing`: it comes, or the other end closes |
 * | `closing`  | the end is in the tick queue                               | `closed`                                 |
 * | `closed`   | 'disconnect' is being emitted, or has been                 |                                          |
 *
 * @typedef {'open' | 'ended' | 'draining' | 'closing' | 'closed'} State
 */

/** One end of a channel, from its opening to 'disconnect'. It stands where Node has the channel's Pipe handle. */
class Channel {
  /** @type {Target} */
  #target
  /** @type {State} */
  #state = 'open'
  #isCounted = false

  native = new native.Channel()
  /** @type {import('./types').SocketLists} */
  sockets = { got: {}, send: {} }

  /**
   * @param {Target} target emits 'message', 'internalMessage', 'disconnect', and 'error' for what could not be sent
   * @param {number} fd
   * @param {'json' | 'advanced'} mode
   * @throws {Error} the descriptor is not open, or no socket
   */
  constructor(target, fd, mode) {
    this.#target = target
    this.codec = serializations[mode]
    this.control = new Control(this.native)
    this.receiver = new Receiver(target, this, this.codec, /** @type {any} */ (this.control)[kPendingMessages])
    const { receive } = this.receiver
    const onwritten = (/** @type {number} */ result) => this.outbox.settle(result)
    const result = this.native.open(fd, mode === 'advanced', receive, onwritten, () => this.#onend())
    if (result < 0) throw errnoException(result, 'open')
    this.outbox = new Outbox(this.native, this.control, error => process.nextTick(() => target.emit('error', error)))
  }

  /** Whether messages that arrive are delivered. */
  get isReading() {
    return this.#target.channel !== null || this.#state === 'draining'
  }

  /** What has been read is delivered, or about to be. */
  onDelivered() {
    if (this.#state === 'draining') this.#finishSoon()
  }

  /** Closes the channel soon. Nothing but the rest of a message that has begun can come any more. */
  disconnect() {
    const target = this.#target
    target.channel = null
    if (target._pendingMessage) closePendingHandle(target)
    if (this.#state === 'open' && this.native.buffering) this.#state = 'draining'
    else if (this.#state !== 'draining') this.#finishSoon()
  }

  /** The other end has closed. */
  #onend() {
    if (this.#state === 'draining') return this.#finishSoon()
    const target = this.#target
    this.#state = 'ended'
    // Nobody will acknowledge what is under way.
    failQueue(target)
    // As in Node, 'close' does not wait for 'disconnect' when it is the other end that has closed.
    process.nextTick(() => this.#count())
    if (target.connected) target.disconnect()
    else if (target.channel !== null) target._disconnect()
  }

  #finishSoon() {
    if (this.#state !== 'closed') this.#state = 'closing'
    process.nextTick(() => this.#finish())
  }

  #finish() {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    failQueue(this.#target)
    this.outbox.close()
    try {
      this.#target.emit('disconnect')
    } finally {
      this.#count()
    }
  }

  /** The channel is one of what a child's 'close' waits for. */
  #count() {
    if (this.#isCounted || !('_closesNeeded' in this.#target)) return
    this.#isCounted = true
    maybeClose(/** @type {any} */ (this.#target))
  }
}

/**
 * Opens a channel: gives `target` its send(), disconnect(), channel and connected, and lets it emit 'message',
 * 'internalMessage' and 'disconnect'.
 *
 * @param {any} object a ChildProcess, or the `process` of a child
 * @param {number} fd the socket, which belongs to the channel from here on
 * @param {'json' | 'advanced'} mode
 * @returns {InstanceType<typeof Control>}
 * @throws {Error} the descriptor is not open, or no socket
 */
function setupChannel(object, fd, mode) {
  const target = /** @type {Target} */ (object)
  const channel = new Channel(target, fd, mode)
  const { control, receiver } = channel

  target.channel = control
  define(target, kChannelHandle, channel)
  if (hasDeprecatedChannel) defineDeprecatedChannel(target)
  target._handleQueue = null
  target._pendingMessage = null

  target.on('internalMessage', (message, received) => {
    if (message.cmd === 'NODE_HANDLE') receiveHandle(target, message, received, receiver.emit)
    else if (isAcknowledgement(message)) acknowledge(target, channel, message.cmd)
  })
  target.on('newListener', () => process.nextTick(receiver.catchUp))

  addMethods(target, channel)
  return control
}

module.exports = { setupChannel }
