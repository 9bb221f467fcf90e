/** The calls for worker tokens and for API keys, under the same names. */
import { createKey, createToken, readKeys, readTokens, revokeKey, revokeToken, rotateKey, rotateToken } from "../lib/admin_api.js";

export const CREDENTIALS = {
  token: {
    read: readTokens,
    create: createToken,
    rotate: rotateToken,
    revoke: revokeToken,
    idOf: ({ token_id: id }) => id,
    hasLimits: false,
  },
  key: {
    read: readKeys,
    create: createKey,
    rotate: rotateKey,
    revoke: revokeKey,
    idOf: ({ key_id: id }) => id,
    hasLimits: true,
  },
};

/** Whether a credential can still be used. */
export const isLive = ({ state }) => state === "active" || state === "rotating";
