/** Deletes a request everywhere: at the gateway, in this browser's storage, and in every tab that shows it. */
import { deleteMyRequest, deleteRequest, GatewayError } from "../api/api.js";
import { removeStoredRequest } from "./browser_storage.js";
import { isSignedIn } from "../session/session.js";

const CHANNEL = "spaces.deleted";
const GONE = new Set([404, 410]);
const heard = new EventTarget();
const channel = new BroadcastChannel(CHANNEL);
channel.addEventListener("message", ({ data }) => heard.dispatchEvent(new CustomEvent("deleted", { detail: data })));

/** Delete a request; one that no longer exists counts as deleted. Throws the GatewayError of a rejection. */
export async function deleteEverywhere({ space, id }) {
  await deleteAtGateway(space, id);
  removeStoredRequest(id);
  channel.postMessage(id);
  heard.dispatchEvent(new CustomEvent("deleted", { detail: id }));
}

/** Call `listener` with the id of every request that is deleted, in this tab or another. */
export const onRequestDeleted = (listener) => heard.addEventListener("deleted", (event) => listener(/** @type {CustomEvent} */ (event).detail));

// A signed-in user's request is deleted with their token; one sent without signing in, by anyone who knows its id.
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
