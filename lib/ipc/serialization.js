'use strict'

const { isArrayBufferView } = require('node:util').types
const v8 = require('node:v8')

/** @typedef {import('./types').Codec} Codec */

/** What the core puts between the lines of a batch (src/ipc/json.rs). */
const JOINT = ',\n'

/**
 * `serialization: 'json'`: a line of JSON each.
 * @type {Codec}
 */
const json = {
  write(outbox, message, fd, callback, report) {
    // toJSON() may give undefined, for which Node sends a line that the receiver cannot parse.
    const text = JSON.stringify(message) ?? 'undefined'
    return outbox.writeLine(text, fd, callback, report)
  },

  read(text, count, sound, errors) {
    if (count > 1 && sound) {
      try {
        const messages = JSON.parse(text)
        if (messages.length === count) return messages
      } catch {
        // Some line is malformed: let each speak for itself.
      }
    }
    const lines = count > 1 ? text.slice(1, -1).split(JOINT) : [text]
    return readEach(lines, parse, errors)
  },

  readOne: parse
}

/** @param {string} line */
function parse(line) {
  return JSON.parse(line)
}

const LENGTH_FIELD = 4

/** Tags of host objects: a view as v8.DefaultSerializer writes it, or the properties of any other object. */
const TAG_VIEW = 0
const TAG_PROPERTIES = 1

const { _writeHostObject: writeView } = /** @type {any} */ (v8.DefaultSerializer.prototype)
const { _readHostObject: readView } = /** @type {any} */ (v8.DefaultDeserializer.prototype)

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

  read(/** @type {Buffer} */ data, count, sound, errors) {
    if (sound) return readEach([data], deserialize, errors)
    const frames = []
    for (let start = 0; start < data.length;) {
      const end = start + LENGTH_FIELD + data.readUInt32BE(start)
      frames.push(data.subarray(start + LENGTH_FIELD, end))
      start = end
    }
    return readEach(frames, deserialize, errors)
  },

  readOne: deserialize
}

/** @param {Buffer} frame */
function deserialize(frame) {
  const deserializer = new ChildProcessDeserializer(frame)
  deserializer.readHeader()
  return deserializer.readValue()
}

/**
 * @template T
 * @param {T[]} frames
 * @param {(frame: T) => unknown} read
 * @param {unknown[]} errors
 */
function readEach(frames, read, errors) {
  const messages = []
  for (const frame of frames) {
    try {
      messages.push(read(frame))
    } catch (error) {
      errors.push(error)
    }
  }
  return messages
}

module.exports = { advanced, json }
