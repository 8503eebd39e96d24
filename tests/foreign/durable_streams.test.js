// The conformance suite of the authors of Durable Streams, against a server that is told it by its environment.
import { runConformanceTests } from "@durable-streams/server-conformance-tests"

runConformanceTests({
  baseUrl: process.env.STREAMS_URL,
  longPollTimeoutMs: Number(process.env.STREAMS_POLL_MS),
})
