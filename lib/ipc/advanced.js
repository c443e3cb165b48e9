'use strict'

const { isArrayBufferView } = require('node:util').types
const v8 = require('node:v8')

/** @typedef {import('./types').Codec} Codec */

const LENGTH_FIELD = 4

/** Tags of host objects: a view as v8.DefaultSerializer writes it, or the properties of any other object. */
const TAG_VIEW = 0
const TAG_PROPERTIES = 1

/** Bytes of V8's format: what a message begins with, and the tag of a reference to an earlier object, by its number. */
const HEADER = 0xff
const REFERENCE = 0x5e

const { _writeHostObject: writeView } = /** @type {any} */ (v8.DefaultSerializer.prototype)
const { _readHostObject: readView } = /** @type {any} */ (v8.DefaultDeserializer.prototype)

/**
 * Passes over bytes, and gives the position at which they began. What is below readRawBytes() is not documented, and saves
 * making two Buffers a message, which is a fifth of the time.
 * @type {(this: BatchDeserializer, length: number) => number}
 */
const skip =
  /** @type {any} */ (v8.Deserializer.prototype)._readRawBytes ??
  function (/** @type {number} */ length) {
    return this.readRawBytes(length).byteOffset - this.origin
  }

class ChildProcessSerializer extends v8.DefaultSerializer {
  /**
   * What V8 cannot clone is sent as JSON would send it, by its own enumerable properties.
   * @param {any} object
   */
  _writeHostObject(object) {
    if (isArrayBufferView(object)) {
      this.writeUint32(TAG_VIEW)
      return writeView.call(this, object)
    }
    this.writeUint32(TAG_PROPERTIES)
    this.writeValue({ ...object })
  }
}

class ChildProcessDeserializer extends v8.DefaultDeserializer {
  _readHostObject() {
    const tag = this.readUint32()
    if (tag === TAG_VIEW) return readView.call(this)
    if (tag !== TAG_PROPERTIES) throw new Error(`Unknown kind of host object: ${tag}`)
    return this.readValue()
  }
}

/** Reads message after message, as making a deserializer takes longer than reading a small message. */
class BatchDeserializer extends ChildProcessDeserializer {
  /** @param {Buffer} batch */
  constructor(batch) {
    super(batch)
    this.origin = batch.byteOffset
    this.position = 0
  }

  /**
   * @param {number} begin where in the batch the message begins, behind the one that was read last
   * @param {number} end
   * @returns {unknown}
   * @throws {Error} if it is malformed or does not end there. Nothing more can be read then.
   */
  readMessage(begin, end) {
    skip.call(this, begin - this.position)
    this.readHeader()
    const message = this.readValue()
    if (skip.call(this, 0) !== end) throw new Error('read beyond a message')
    this.position = end
    return message
  }
}

/**
 * `serialization: 'advanced'`: V8's format, with its length in front.
 * @type {Codec}
 */
const advanced = {
  write(outbox, message, fd, callback, report) {
    const serializer = new ChildProcessSerializer()
    serializer.writeHeader()
    serializer.writeValue(message)
    return outbox.writeFrame(serializer.releaseBuffer(), fd, callback, report)
  },

  read(/** @type {Buffer | undefined} */ data, count, sound, errors) {
    /** @type {unknown[]} */
    const messages = []
    // What Node meets with when it puts a message together for which there is no memory.
    if (data === undefined) errors.push(new RangeError('Array buffer allocation failed'))
    else if (sound) readAlone(data, messages, errors)
    else readBatch(data, messages, errors)
    return messages
  },

  readOne: deserialize
}

/**
 * The objects of one deserializer are numbered on from message to message, so a message in which the byte of a reference
 * occurs, if only in a text, is read alone. So is what the shared deserializer stumbles over, which tells of the error.
 *
 * @param {Buffer} data frames with their lengths
 * @param {unknown[]} messages
 * @param {unknown[]} errors
 */
function readBatch(data, messages, errors) {
  /** @type {BatchDeserializer | undefined} */
  let shared
  let reference = data.indexOf(REFERENCE)

  for (let begin = LENGTH_FIELD, end; begin <= data.length; begin = end + LENGTH_FIELD) {
    end = begin + data.readUInt32BE(begin - LENGTH_FIELD)
    if (reference !== -1 && reference < begin) reference = data.indexOf(REFERENCE, begin)
    const refers = reference !== -1 && reference < end

    if (!refers && data[begin] === HEADER) {
      shared ??= new BatchDeserializer(data)
      try {
        messages.push(shared.readMessage(begin, end))
        continue
      } catch {
        shared = undefined
      }
    }
    readAlone(data.subarray(begin, end), messages, errors)
  }
}

/**
 * @param {Buffer} frame
 * @param {unknown[]} messages
 * @param {unknown[]} errors
 */
function readAlone(frame, messages, errors) {
  try {
    messages.push(deserialize(frame))
  } catch (error) {
    errors.push(error)
  }
}

/** @param {Buffer} frame */
function deserialize(frame) {
  const deserializer = new ChildProcessDeserializer(frame)
  deserializer.readHeader()
  return deserializer.readValue()
}

module.exports = { advanced }
