// Shapes that pass between the files of lib/ipc/. Not part of the package's types (index.d.ts).

import type { EventEmitter } from 'node:events'
import type { Outbox } from './outbox'
import type { SocketListReceive, SocketListSend } from './socket-list'
import control = require('./control')

export type Control = InstanceType<typeof control.Control>

/** The native class Channel (src/binding/channel/class.rs). */
export interface NativeChannel {
  open(
    fd: number,
    advanced: boolean,
    onmessages: (data: any, count?: number, sound?: boolean, hasDescriptor?: boolean) => void,
    onwritten: (result: number) => void,
    onend: () => void
  ): number
  memory(): ArrayBuffer | undefined
  flusher(): () => number
  writeFrame(frame: Uint8Array, fd: number): number
  watch(): boolean
  takeDescriptor(): number
  readonly buffering: boolean
  readonly fd: number
  ref(): void
  unref(): void
  hasRef(): boolean
  close(): void
}

/** One end of a channel: what stands where Node has the channel's Pipe handle (channel.js). */
export interface Channel {
  native: NativeChannel
  outbox: Outbox
  codec: Codec
  sockets: SocketLists
  readonly isReading: boolean
  onDelivered(): void
  disconnect(): void
}

/** By the key of the server they belong to. */
export interface SocketLists {
  got: Record<string, SocketListReceive>
  send: Record<string, SocketListSend>
}

export interface SendOptions {
  swallowErrors?: boolean
  keepOpen?: boolean
}

export type SendCallback = (error: Error | null) => void

/** A message that waits until the receiver has acknowledged the handle before it. */
export interface QueuedMessage {
  message: any
  handle: any
  options: SendOptions
  callback: SendCallback | undefined
}

/** A message with a handle that has been sent and not been acknowledged. */
export interface PendingMessage extends QueuedMessage {
  retransmissions: number
}

/** A ChildProcess with a channel, or the `process` of a child. */
export interface Target extends EventEmitter {
  [symbol: symbol]: any
  channel: Control | null
  connected: boolean
  exitCode?: any
  _handleQueue: QueuedMessage[] | null
  _pendingMessage: PendingMessage | null
  send(message: any, handle?: any, options?: any, callback?: any): boolean
  _send(message: any, handle?: any, options?: any, callback?: any): boolean
  disconnect(): void
  _disconnect(): void
}

/** One of the two serializations. */
export interface Codec {
  /** Writes a message, with a descriptor unless `fd` is -1; gives what Outbox.writeLine() does. */
  write(outbox: Outbox, message: any, fd: number, callback: SendCallback | undefined, report: boolean): number
  /** The one message that came, as the core gives it. */
  readOne(data: any): any
  /** The messages of one batch. What cannot be read goes to `errors`. */
  read(data: any, count: number, sound: boolean, errors: unknown[]): any[]
}

/** How one type of handle travels. */
export interface Conversion {
  /** Whether `handle` is of this type. */
  matches(handle: any): boolean
  /** The native handle to send, or nothing if there is none any more. Completes the envelope. */
  send(envelope: any, handle: any): any
  /** Lets go of what has been sent: called when the envelope is ready to leave. Without it the sender keeps its handle. */
  detach?(handle: any, native: any): void
  /** Makes of a native handle what the message's listeners get. */
  got(envelope: any, native: any, target: Target, emit: (handle: any) => void): void
}
