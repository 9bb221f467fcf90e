import assert from "node:assert/strict";
import { test } from "node:test";

import { shortenName, kindOf, refusalOf, visibleName, typeOf, typeWords } from "../../../web_static/scripts/files/file_rules.js";
import { english } from "./language.mjs";

const MEGABYTE = 1024 * 1024;
const RULES = { accept: ["image/*", "audio/*"], max_files: 2, max_file_bytes: MEGABYTE };
const picture = { name: "cat.png", type: "image/png", size: 100 };

test("a file that fits is accepted", () => {
  assert.equal(refusalOf(picture, RULES, 1), null);
  assert.equal(refusalOf({ ...picture, size: MEGABYTE }, RULES, 0), null);
});

const REFUSED = [
  [{ ...picture, size: 0 }, 0, "“cat.png” is empty."],
  [{ ...picture, size: MEGABYTE + 1 }, 0, "“cat.png” is 1 byte over the limit of 1 MB."],
  [{ name: "run.exe", type: "application/x-msdownload", size: 2 }, 0, "“run.exe” was not added: this space accepts only images, audio."],
  [picture, 2, "“cat.png” was not added: this space accepts 2 files per request."],
];
for (const [file, count, words] of REFUSED) {
  test(`a file is refused: ${words}`, english, () => assert.equal(refusalOf(file, RULES, count), words));
}

const TYPES = [
  [{ name: "a.bin", type: "Audio/WAV; codecs=1" }, "audio/wav"],
  [{ name: "a.HEIC", type: "" }, "image/heic"],
  [{ name: "a.m4a", type: undefined }, "audio/mp4"],
  [{ name: "README", type: "" }, "application/octet-stream"],
];
for (const [file, type] of TYPES) test(`${file.name} is ${type}`, () => assert.equal(typeOf(file), type));

test("a media type has a kind", () => {
  assert.deepEqual(["image/png", "audio/wav", "video/mp4", "text/plain"].map(kindOf), ["image", "audio", "video", "file"]);
});

test("a name has no folder and no invisible characters", () => {
  assert.equal(shortenName("C:\\temp\\cat.png"), "cat.png");
  assert.equal(shortenName("../../etc/passwd"), "passwd");
  assert.equal(visibleName("gpj\u202Eexe.png"), "gpjexe.png");
  assert.equal(visibleName("\u0000"), "file");
});

test("a long name is cut before its ending to 255 bytes", () => {
  const name = shortenName(`${"ä".repeat(300)}.jpeg`);

  assert.ok(name.endsWith("ä.jpeg"));
  assert.ok(new TextEncoder().encode(name).length <= 255);
});

test("accepted types are listed in words", english, () => {
  assert.equal(typeWords({ accept: ["image/*", "audio/x-wav"] }), "images, WAV");
  assert.equal(typeWords({ accept: ["*/*"] }), "any file");
});
