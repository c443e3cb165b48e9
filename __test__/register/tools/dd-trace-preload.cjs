// Datadog's tracer, which sends to nobody. What its instrumentation of child_process reports is noted.
Object.assign(process.env, {
  DD_TRACE_STARTUP_LOGS: 'false',
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
  DD_REMOTE_CONFIGURATION_ENABLED: 'false',
  DD_TRACE_AGENT_URL: 'http://127.0.0.1:9'
})
const { channel } = require('node:diagnostics_channel')
require('dd-trace').init()

globalThis.spans = []
channel('tracing:datadog:child_process:execution:start').subscribe(({ command }) => globalThis.spans.push(command))
