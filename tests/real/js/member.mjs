// A member on Element's own engine, spoken to in JSON lines. Each import of this module is another
// member (members.mjs); what it imports in turn is there once for all of them.
//
// In:  {"id": 1, "do": "send", "room": "!x", "text": "hola"}
// Out: {"id": 1, "ok": "$event"} or {"id": 1, "error": "…"}, and whenever something arrives
//      {"event": {…}}, again when it could be decrypted later, {"membership": {room, now}} and
//      {"devices": [users]} whose devices or signatures changed.
// It leaves when its connection ends.
import { createInterface } from "node:readline";

const sdk = await import("matrix-js-sdk");
const {
  AllDevicesIsolationMode,
  CryptoEvent,
  OnlySignedDevicesIsolationMode,
  VerificationPhase,
  VerificationRequestEvent,
  VerifierEvent,
  decodeRecoveryKey,
} = await import("matrix-js-sdk/lib/crypto-api/index.js");
const { PollStartEvent } = await import("matrix-js-sdk/lib/extensible_events_v1/PollStartEvent.js");
const { PollResponseEvent } = await import(
  "matrix-js-sdk/lib/extensible_events_v1/PollResponseEvent.js"
);
const { PollEndEvent } = await import("matrix-js-sdk/lib/extensible_events_v1/PollEndEvent.js");
const wasm = await import("@matrix-org/matrix-sdk-crypto-wasm");
const { default: jsQR } = await import("jsqr");

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, getChild: () => silent };
const MEGOLM = "m.megolm.v1.aes-sha2";
const KINDS = {
  disclosed: "org.matrix.msc3381.poll.disclosed",
  undisclosed: "org.matrix.msc3381.poll.undisclosed",
};
let client;
let password;
let connection;
let verification;
let storageKey; // of secret storage, while a deed uses it

const say = (what) => connection.write(JSON.stringify(what) + "\n");
const crypto = () => client.getCrypto();

// --- what arrives ---------------------------------------------------------------------------

// An event that the engine says nothing about is told all the same.
const shield = (event) =>
  crypto()
    .getEncryptionInfoForEvent(event)
    .catch((error) => ({ shieldColour: null, shieldReason: String(error) }));

async function describe(event) {
  await client.decryptEventIfNeeded(event);
  const info = event.isEncrypted() ? await shield(event) : null;
  return {
    id: event.getId(),
    room: event.getRoomId(),
    sender: event.getSender(),
    type: event.getType(),
    state_key: event.getStateKey() ?? null,
    content: event.getContent(),
    relation: event.getWireContent()["m.relates_to"] ?? null,
    at: event.getTs(),
    encrypted: event.isEncrypted(),
    failure: event.decryptionFailureReason ?? null,
    shield: info ? info.shieldColour : null,
    reason: info ? info.shieldReason : null,
    session: event.getWireContent().session_id ?? null,
    redacted: event.isRedacted(),
    unsigned: { transaction_id: event.getUnsigned().transaction_id },
  };
}

const push = async (event) => {
  if (event.getRoomId() && event.getId()) say({ event: await describe(event) });
};

function listen() {
  client.on(sdk.ClientEvent.Event, (event) => {
    if (!event.getRoomId() || event.status !== null) return;
    event.on(sdk.MatrixEventEvent.Decrypted, () => void push(event));
    // decryptEventIfNeeded fires Decrypted, which pushes; what needs no key is pushed here.
    if (event.isEncrypted() && !event.getClearContent()) {
      void client.decryptEventIfNeeded(event);
    } else void push(event);
  });
  client.on(sdk.RoomEvent.MyMembership, (room, now) =>
    say({ membership: { room: room.roomId, now } }),
  );
  client.on(CryptoEvent.DevicesUpdated, (users) => say({ devices: users }));
}

// Resolves as soon as `holds()` comes true for what happens to a verification.
function changed(request, holds, what, seconds = 100) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!holds()) return;
      request.off(VerificationRequestEvent.Change, look);
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      request.off(VerificationRequestEvent.Change, look);
      reject(new Error(`waited ${seconds} s in vain: ${what} (phase ${request.phase}, ${request.cancellationCode})`));
    }, seconds * 1000);
    request.on(VerificationRequestEvent.Change, look);
    look();
  });
}

// After these `until` looks again. A verification request that a sync brings is known only once the
// sender's keys were asked for, which is after that sync.
const NEWS = [sdk.ClientEvent.Sync, CryptoEvent.VerificationRequestReceived];

// Resolves as soon as `holds()` comes true.
function until(holds, what, seconds = 100) {
  return new Promise((resolve, reject) => {
    const end = () => {
      for (const news of NEWS) client.off(news, look);
      clearTimeout(timer);
    };
    const look = async () => {
      if (!(await holds())) return;
      end();
      resolve();
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(`waited ${seconds} s in vain: ${what}`));
    }, seconds * 1000);
    for (const news of NEWS) client.on(news, look);
    void look();
  });
}

// The room is in our sync, and known to be encrypted where the server says so. A Synapse that has
// just joined over federation may send older member events last; then its own answer counts.
async function ready(room) {
  const joined = () => client.getRoom(room)?.getMyMembership() === "join";
  await until(joined, `in ${room}`, 20).catch(async (error) => {
    if (!(await client.getJoinedRooms()).joined_rooms.includes(room)) throw error;
  });
  if (await crypto().isEncryptionEnabledInRoom(room)) return;
  const encrypted = await client.getStateEvent(room, "m.room.encryption", "").catch(() => null);
  if (encrypted) await until(() => crypto().isEncryptionEnabledInRoom(room), `encrypted ${room}`);
}

// In a thread the SDK throws where the sync brings an event before the answer to sending it came.
// It was sent: the same request once more is answered with what came of the first.
const EARLY = "event which is not a local echo";

async function post(room, type, content, txn = client.makeTxnId()) {
  await ready(room);
  try {
    return (await client.sendEvent(room, type, content, txn)).event_id;
  } catch (error) {
    if (!String(error?.message).includes(EARLY)) throw error;
    const sealed = type !== "m.reaction" && (await crypto().isEncryptionEnabledInRoom(room));
    return await put(room, sealed ? "m.room.encrypted" : type, txn, {});
  }
}

async function put(room, type, txn, content) {
  const parts = [room, type, txn].map(encodeURIComponent);
  const path = `/_matrix/client/v3/rooms/${parts[0]}/send/${parts[1]}/${parts[2]}`;
  return (await http("PUT", path, content)).event_id;
}

const uploadAuth = async (upload) => {
  try {
    await upload(null);
  } catch (error) {
    const session = error?.data?.session;
    if (!session) throw error;
    const identifier = { type: "m.id.user", user: client.getUserId() };
    await upload({ type: "m.login.password", identifier, password, session });
  }
};

// The engine asks by itself when a sync says that keys changed; this does not wait for it.
async function askKeys(user) {
  const { olmMachine, outgoingRequestProcessor } = crypto();
  const request = olmMachine.queryKeysForUsers([new wasm.UserId(user)]);
  await outgoingRequestProcessor.makeOutgoingRequest(request);
}

const http = (method, path, body, query) =>
  client.http.authedRequest(method, path, query, body, { prefix: "" });

// --- what it can be asked -----------------------------------------------------------------------

const deeds = {
  async login({ url, user, password: word, strict = true, sign = true, device }) {
    password = word;
    const door = sdk.createClient({ baseUrl: url, logger: silent });
    const entry = await door.loginRequest({
      type: "m.login.password",
      identifier: { type: "m.id.user", user },
      password: word,
      device_id: device,
    });
    client = sdk.createClient({
      baseUrl: url,
      userId: entry.user_id,
      deviceId: entry.device_id,
      accessToken: entry.access_token,
      logger: silent,
      cryptoCallbacks: {
        getSecretStorageKey: async ({ keys }) => [Object.keys(keys)[0], storageKey],
        cacheSecretStorageKey: (id, info, key) => void (storageKey = key),
      },
    });
    await client.initRustCrypto({ useIndexedDB: false });
    await deeds.setStrict({ strict });
    listen();
    const synced = new Promise((resolve) => client.once(sdk.ClientEvent.Sync, resolve));
    await client.startClient({
      initialSyncLimit: 20,
      threadSupport: true,
      pendingEventOrdering: "detached",
    });
    await synced;
    await crypto().outgoingRequestsManager.doProcessOutgoingRequests(); // our keys are published
    if (sign) await deeds.bootstrapCrossSigning({});
    return { user: entry.user_id, device: entry.device_id, token: entry.access_token };
  },
  async setStrict({ strict }) {
    crypto().setDeviceIsolationMode(
      strict ? new OnlySignedDevicesIsolationMode() : new AllDevicesIsolationMode(false),
    );
  },
  async bootstrapCrossSigning({ reset = false }) {
    await crypto().bootstrapCrossSigning({
      setupNewCrossSigning: reset,
      authUploadDeviceSigningKeys: uploadAuth,
    });
    if (reset) await askKeys(client.getUserId()); // what was asked before says that it is unsigned
  },
  // Signs another device of the same user with the keys that this one holds.
  async signDevice({ device }) {
    await askKeys(client.getUserId());
    await crypto().crossSignDevice(device);
  },
  exportSecrets: () => crypto().exportSecretsBundle(),
  async importSecrets({ secrets }) {
    await crypto().importSecretsBundle(secrets);
    await crypto().crossSignDevice(client.getDeviceId());
  },
  // Takes the identity from secret storage and signs this device with it, as Element does at "Use
  // recovery key". Tells whether the key is the storage's own, and which private keys it has then.
  async useRecoveryKey({ key }) {
    storageKey = decodeRecoveryKey(key);
    const [, info] = await client.secretStorage.getKey();
    const fits = await client.secretStorage.checkKey(storageKey, info);
    await askKeys(client.getUserId());
    if (fits) await crypto().bootstrapCrossSigning({});
    const status = await crypto().getCrossSigningStatus();
    return { fits, ...status.privateKeysCachedLocally };
  },
  // Sets secret storage up, as Element does at "Generate a recovery key".
  async makeRecoveryKey() {
    const made = await crypto().createRecoveryKeyFromPassphrase();
    await crypto().bootstrapSecretStorage({
      createSecretStorageKey: async () => made,
      setupNewSecretStorage: true,
    });
    return made.encodedPrivateKey;
  },
  // Somebody's devices as the server has them now: id -> signed by their owner.
  async devices({ user }) {
    await askKeys(user);
    const all = (await crypto().getUserDeviceInfo([user], true)).get(user) ?? new Map();
    const found = {};
    for (const id of all.keys()) {
      found[id] = (await crypto().getDeviceVerificationStatus(user, id))?.signedByOwner ?? false;
    }
    return found;
  },
  discardSession: ({ room }) => crypto().forceDiscardSession(room),

  async createRoom({
    encrypted = true,
    invite = [],
    version,
    name,
    joinRule,
    rotationMsgs,
    direct = false,
    history,
    state = [],
    power,
  }) {
    const initial = [...state];
    if (encrypted) {
      const content = { algorithm: MEGOLM };
      if (rotationMsgs) content.rotation_period_msgs = rotationMsgs;
      initial.push({ type: "m.room.encryption", state_key: "", content });
    }
    if (joinRule) {
      const content = { join_rule: joinRule };
      initial.push({ type: "m.room.join_rules", state_key: "", content });
    }
    if (history) {
      const content = { history_visibility: history };
      initial.push({ type: "m.room.history_visibility", state_key: "", content });
    }
    const { room_id: room } = await client.createRoom({
      invite,
      name,
      is_direct: direct,
      room_version: version,
      preset: direct ? "trusted_private_chat" : "private_chat",
      initial_state: initial,
      power_level_content_override: power,
    });
    await ready(room);
    return room;
  },
  async invite({ room, user }) {
    await client.invite(room, user);
  },
  async join({ room, via = [] }) {
    await client.joinRoom(room, { viaServers: via });
    await ready(room);
  },
  // Waits for an invitation to the room, then accepts it.
  async accept({ room }) {
    await until(() => client.getRoom(room)?.getMyMembership() === "invite", `invited to ${room}`);
    await deeds.join({ room });
  },
  async upgrade({ room, version }) {
    return (await client.upgradeRoom(room, version)).replacement_room;
  },

  async leave({ room }) {
    await client.leave(room);
  },
  async kick({ room, user, reason }) {
    await client.kick(room, user, reason);
  },
  async ban({ room, user, reason }) {
    await client.ban(room, user, reason);
  },

  send: ({ room, text, txn, mentions }) =>
    post(
      room,
      "m.room.message",
      { msgtype: "m.text", body: text, "m.mentions": mentions ? { user_ids: mentions } : {} },
      txn,
    ),
  reply: ({ room, text, to }) =>
    post(room, "m.room.message", {
      msgtype: "m.text",
      body: text,
      "m.mentions": {},
      "m.relates_to": { "m.in_reply_to": { event_id: to } },
    }),
  sendThread: ({ room, text, root }) =>
    post(room, "m.room.message", {
      msgtype: "m.text",
      body: text,
      "m.mentions": {},
      "m.relates_to": {
        rel_type: "m.thread",
        event_id: root,
        is_falling_back: true,
        "m.in_reply_to": { event_id: root },
      },
    }),
  edit: ({ room, event, text }) =>
    post(room, "m.room.message", {
      msgtype: "m.text",
      body: `* ${text}`,
      "m.mentions": {},
      "m.new_content": { msgtype: "m.text", body: text, "m.mentions": {} },
      "m.relates_to": { rel_type: "m.replace", event_id: event },
    }),
  react: ({ room, event, key }) =>
    post(room, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: event, key },
    }),
  // An event of any type, encrypted where the room is.
  sendEvent: ({ room, type, content, txn }) => post(room, type, content, txn),
  // The same in plain text, whatever the room says.
  sendPlain: ({ room, type, content, txn = `plain${Date.now()}${Math.random()}` }) =>
    put(room, type, txn, content),
  async redact({ room, event, reason }) {
    await ready(room);
    return (await client.redactEvent(room, event, undefined, { reason })).event_id;
  },

  async pollStart({ room, question, answers, max = 1, kind = "disclosed" }) {
    const poll = PollStartEvent.from(question, answers, KINDS[kind], max).serialize();
    const ids = poll.content["org.matrix.msc3381.poll.start"].answers.map((answer) => answer.id);
    return { event: await post(room, poll.type, poll.content), answers: ids };
  },
  pollRespond({ room, poll, answers }) {
    const vote = PollResponseEvent.from(answers, poll).serialize();
    return post(room, vote.type, vote.content);
  },
  pollEnd({ room, poll, text = "Ended." }) {
    const end = PollEndEvent.from(poll, text).serialize();
    return post(room, end.type, end.content);
  },
  // The poll as Element's own model sees it: the answer ids of each voter's last valid response.
  async pollState({ room, poll }) {
    const model = client.getRoom(room)?.polls.get(poll);
    if (!model) return null;
    const responses = (await model.getResponses()).getRelations();
    const votes = {};
    for (const event of responses.sort((a, b) => a.getTs() - b.getTs())) {
      votes[event.getSender()] = event.getContent()["org.matrix.msc3381.poll.response"]?.answers;
    }
    return { ended: model.isEnded, votes };
  },

  async sendFile({ room, name, mime, data, caption }) {
    const bytes = Buffer.from(data, "base64");
    const sealed = wasm.Attachment.encrypt(new Uint8Array(bytes));
    const file = JSON.parse(sealed.mediaEncryptionInfo);
    const type = "application/octet-stream";
    const blob = new Blob([sealed.encryptedData], { type });
    const { content_uri: url } = await client.uploadContent(blob, { type, includeFilename: false });
    return post(room, "m.room.message", {
      msgtype: { image: "m.image", audio: "m.audio" }[mime.split("/")[0]] ?? "m.file",
      body: caption ?? name,
      filename: name,
      info: { mimetype: mime, size: bytes.length },
      file: { ...file, url },
      "m.mentions": {},
    });
  },
  // The decrypted bytes of an EncryptedFile, in base64.
  async downloadFile({ file }) {
    const [, server, media] = file.url.match(/^mxc:\/\/([^/]+)\/(.+)$/);
    const answer = await fetch(
      `${client.getHomeserverUrl()}/_matrix/client/v1/media/download/${server}/${media}`,
      { headers: { Authorization: `Bearer ${client.getAccessToken()}` } },
    );
    if (!answer.ok) throw new Error(`download: ${answer.status} ${await answer.text()}`);
    const sealed = new wasm.EncryptedAttachment(
      new Uint8Array(await answer.arrayBuffer()),
      JSON.stringify(file),
    );
    return Buffer.from(wasm.Attachment.decrypt(sealed)).toString("base64");
  },

  async setState({ room, type, content, key = "" }) {
    return (await client.sendStateEvent(room, type, content, key)).event_id;
  },
  async setPower({ room, user, level }) {
    await ready(room);
    await client.setPowerLevel(room, user, level);
  },
  state: ({ room, type, key = "" }) =>
    client.getStateEvent(room, type, key).catch((error) => {
      if (error.errcode === "M_NOT_FOUND") return null;
      throw error;
    }),
  async members({ room }) {
    return Object.keys((await client.getJoinedRoomMembers(room)).joined);
  },
  // Everything the server has of a room, oldest first, decrypted anew as after opening the app.
  async timeline({ room, limit = 10000 }) {
    const found = [];
    let from = null;
    do {
      const page = await client.createMessagesRequest(room, from, 100, "b");
      found.push(...page.chunk);
      from = page.chunk.length ? page.end : undefined;
    } while (from && found.length < limit);
    const told = [];
    for (const raw of found.slice(0, limit).reverse()) {
      told.push(await describe(new sdk.MatrixEvent(raw)));
    }
    return told;
  },
  // Begins a verification, or accepts one, up to where both are ready. It goes through a private
  // room, or with `device` to the other one's device alone. Element Web does not scan, phones do.
  async meet({ user, room, device, asked, scans = false }) {
    const ways = ["m.sas.v1", "m.qr_code.show.v1", "m.reciprocate.v1"];
    crypto().setSupportedVerificationMethods(scans ? [...ways, "m.qr_code.scan.v1"] : ways);
    const running = () =>
      device
        ? crypto().getVerificationRequestsToDeviceInProgress(user)[0]
        : crypto().findVerificationRequestDMInProgress(room, user);
    if (asked) await until(running, "a request");
    const request = asked
      ? running()
      : device
        ? await crypto().requestDeviceVerification(user, device)
        : await crypto().requestVerificationDM(user, room);
    verification = { request };
    if (asked) await request.accept();
    const ready = () => request.phase >= VerificationPhase.Ready;
    await changed(request, ready, "both are ready");
    return { code: request.cancellationCode };
  },
  // The same, up to the emoji that it shows. An app that does not scan is offered emoji by who asks.
  async verify({ asked, scans = false, ...rest }) {
    await deeds.meet({ asked, scans, ...rest });
    const { request } = verification;
    if (asked && !scans) await changed(request, () => request.verifier, "their start");
    const verifier = request.verifier ?? (await request.startVerification("m.sas.v1"));
    const shown = new Promise((resolve) => verifier.once(VerifierEvent.ShowSas, resolve));
    const done = verifier.verify();
    done.catch(() => {}); // `compared` tells
    const sas = verifier.getShowSasCallbacks() ?? (await Promise.race([shown, done]));
    verification = { sas, done, request };
    return sas.sas.emoji;
  },
  // Says whether the emoji are the same, and waits for the end. Tells the phase it came to.
  async compared({ same }) {
    const { sas, done, request } = verification;
    if (same) await sas.confirm();
    else sas.mismatch();
    await done.catch(() => {});
    await changed(request, () => request.phase >= VerificationPhase.Cancelled, "the end");
    return { done: request.phase === VerificationPhase.Done, code: request.cancellationCode };
  },
  // Waits for somebody's request to this device, and with `end` for the code that called it off.
  async asked({ user, end = false }) {
    if (end) {
      const { request } = verification;
      await changed(request, () => request.phase >= VerificationPhase.Cancelled, "called off");
      return request.cancellationCode;
    }
    const running = () => crypto().getVerificationRequestsToDeviceInProgress(user)[0];
    await until(running, "a request");
    verification = { request: running() };
  },
  // Scans a picture (RGBA) as a camera would. `flip` changes that byte of what it says, from the end.
  async scan({ data, width, height, flip = 0 }) {
    const found = jsQR(new Uint8ClampedArray(Buffer.from(data, "base64")), width, height);
    if (!found) throw new Error("no code in the picture");
    const bytes = Uint8ClampedArray.from(found.binaryData);
    if (flip) bytes[bytes.length - flip] ^= 1;
    const { request } = verification;
    const verifier = await request.scanQRCode(bytes);
    const done = verifier.verify();
    done.catch(() => {}); // `scanned` tells
    verification = { done, request };
  },
  async scanned() {
    const { done, request } = verification;
    await done.catch(() => {});
    await changed(request, () => request.phase >= VerificationPhase.Cancelled, "the end");
    return { done: request.phase === VerificationPhase.Done, code: request.cancellationCode };
  },
  // What Element shows of somebody's keys: the identity's, and each device's by its id.
  async fingerprints({ user }) {
    await askKeys(user);
    const identity = await crypto().olmMachine.getIdentity(new wasm.UserId(user));
    const all = (await crypto().getUserDeviceInfo([user], true)).get(user) ?? new Map();
    const devices = {};
    for (const [id, device] of all) devices[id] = device.getFingerprint();
    return { identity: Object.values(JSON.parse(identity.masterKey).keys)[0], devices };
  },
  isVerified: async ({ user }) =>
    (await crypto().getUserVerificationStatus(user)).isCrossSigningVerified(),

  shown: ({ room, event }) => describe(client.getRoom(room).findEventById(event)),
  request: ({ method, path, body, query }) => http(method, path, body, query),
  async logout() {
    await client.logout(true);
  },
};

async function handle({ id, do: deed, ...rest }) {
  try {
    if (!Object.hasOwn(deeds, deed)) throw new Error(`no such deed: ${deed}`);
    say({ id, ok: (await deeds[deed](rest)) ?? null });
  } catch (error) {
    say({ id, error: `${deed}: ${error?.errcode ?? ""} ${error?.message ?? error}` });
  }
}

export function listenTo(socket) {
  connection = socket.setNoDelay(true).on("error", () => {});
  socket.on("close", () => client?.stopClient());
  const lines = createInterface({ input: socket }).on("line", (line) => void handle(JSON.parse(line)));
  lines.on("error", () => {}); // the socket's own, said again: the other members live on
}
