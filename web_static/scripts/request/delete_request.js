/** Deletes a request everywhere: at the gateway, in this browser's memory, in every tab that shows it. */
import { deleteMyRequest, deleteRequest, GatewayError } from "../api/api.js";
import { forgetRequest } from "./browser_storage.js";
import { isSignedIn } from "../session/session.js";

const CHANNEL = "spaces.deleted";
const GONE = new Set([404, 410]);
const heard = new EventTarget();
const channel = new BroadcastChannel(CHANNEL);
channel.addEventListener("message", ({ data }) => heard.dispatchEvent(new CustomEvent("deleted", { detail: data })));

/** Delete; one that is gone already counts as deleted. Throws the GatewayError of a refusal. */
export async function deleteEverywhere({ space, id }) {
  await deleteAtGateway(space, id);
  forgetRequest(id);
  channel.postMessage(id);
  heard.dispatchEvent(new CustomEvent("deleted", { detail: id }));
}

/** Hear the id of every request that is deleted, in this tab or another. */
export const hearOfDeleted = (listener) => heard.addEventListener("deleted", ({ detail }) => listener(detail));

// One's own is deleted as oneself; a request that was sent without signing in belongs to whoever knows its id.
async function deleteAtGateway(space, id) {
  if (isSignedIn() && (await isDone(deleteMyRequest(id)))) return;
  await isDone(deleteRequest(space, id));
}

async function isDone(call) {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof GatewayError && GONE.has(error.status)) return false;
    throw error;
  }
}
