// The client of the authors of Durable Streams follows a stream and prints the position of each record: URL, MODE.
import { stream } from "@durable-streams/client"

const [url, mode] = process.argv.slice(2)
if (mode === "catch-up") {
  let told = { offset: "-1", upToDate: false }
  while (!told.upToDate) {
    told = await stream({ url, offset: told.offset, live: false })
    for (const record of await told.json()) console.log(record.position)
  }
} else {
  const told = await stream({ url, offset: "-1", live: mode })
  told.subscribeJson(async (batch) => {
    for (const record of batch.items) console.log(record.position)
  })
}
