// What an instrumentation of OpenTelemetry for child_process does, with its own base class, for CommonJS and ESM.
import { register } from 'node:module'
import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  registerInstrumentations
} from '@opentelemetry/instrumentation'
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)

class ChildProcessInstrumentation extends InstrumentationBase {
  constructor() {
    super('test', '1.0.0', {})
  }

  init() {
    const wrap = original => {
      const { tracer } = this
      return function (file, ...rest) {
        const span = tracer.startSpan(`spawn ${file}`)
        const child = Reflect.apply(original, this, [file, ...rest])
        child.once('exit', () => span.end())
        return child
      }
    }
    const definition = new InstrumentationNodeModuleDefinition('child_process', ['*'], exported => {
      this._wrap(exported, 'spawn', wrap)
      return exported
    })
    return [definition]
  }
}

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
registerInstrumentations({ tracerProvider: provider, instrumentations: [new ChildProcessInstrumentation()] })
globalThis.spans = () => exporter.getFinishedSpans().map(span => span.name)
