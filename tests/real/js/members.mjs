// All members of one run of tests in one process: to load the engine costs more than what most do.
// Each connection to the socket that it is given (`node members.mjs 3`) is a member of its own.
// It ends with its input.
import { createServer } from "node:net";

for (const level of ["log", "info", "warn", "debug", "trace", "error"]) console[level] = () => {};
// The SDK goes on for a moment after its homeserver, or the member, has gone.
process.on("unhandledRejection", () => {});
process.stdin.on("end", () => process.exit(0)).resume();

let number = 0;
const server = createServer(async (socket) => {
  const member = await import(`./member.mjs?${++number}`);
  member.listenTo(socket);
});
server.listen({ fd: Number(process.argv[2]) });
