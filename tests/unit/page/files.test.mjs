import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { shortenName, kindOf, refusalOf, acceptAttribute, areNamesOf, typeWords } from "../../../web_static/scripts/files/file_rules.js";
import { visibleName } from "../../../web_static/scripts/lib/visible_name.js";
import { ENDINGS, OTHER_NAMES, isAccepted, namesOf, typeOfFile } from "../../../web_static/scripts/files/media_types.js";
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
  [{ name: "photo.heif", type: "" }, "image/heif"],
  [{ name: "photo.avif", type: "" }, "image/avif"],
  [{ name: "voice.amr", type: "" }, "audio/amr"],
  [{ name: "voice.aac", type: "" }, "audio/aac"],
  [{ name: "voice.caf", type: "application/octet-stream" }, "audio/x-caf"],
  [{ name: "a.csv", type: "application/vnd.ms-excel" }, "text/csv"],
  [{ name: "a.xls", type: "application/vnd.ms-excel" }, "application/vnd.ms-excel"],
  [{ name: "a.rtf", type: "application/msword" }, "application/rtf"],
  [{ name: "voice.ogg", type: "video/ogg" }, "audio/ogg"],
  [{ name: "film.ogv", type: "video/ogg" }, "video/ogg"],
  [{ name: "constructor", type: "" }, "application/octet-stream"],
];
for (const [file, type] of TYPES) test(`${file.name} is ${type}`, () => assert.equal(typeOfFile(file), type));

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

const NAMED_OTHERWISE = [
  ["text/csv", "application/vnd.ms-excel", true],
  ["application/vnd.ms-excel", "text/csv", false],
  ["application/zip", "application/x-zip-compressed", true],
  ["application/x-zip-compressed", "application/zip", true],
  ["audio/wav", "audio/x-wav", true],
  ["audio/wave", "audio/x-wav", true],
  ["audio/mpeg", "audio/mp3", true],
  ["audio/mp4", "audio/x-m4a", true],
  ["audio/*", "application/ogg", true],
  ["audio/*", "video/ogg", true],
  ["video/*", "audio/ogg", false],
  ["image/*", "audio/wav", false],
  ["*/*", "x/y", true],
];
for (const [pattern, type, accepted] of NAMED_OTHERWISE) {
  test(`${pattern} ${accepted ? "accepts" : "refuses"} ${type}`, () => assert.equal(isAccepted(type, [pattern]), accepted));
}

test("no name is that of two types", () => {
  const all = Object.entries(OTHER_NAMES).flat(2);

  assert.deepEqual(all.filter((name, index) => all.indexOf(name) !== index), []);
});

test("endings belong to the types that mime-db gives them", () => {
  const database = createRequire(import.meta.url)("mime-db");
  const isKnown = (type, ending) => namesOf(type).some((name) => database[name]?.extensions?.includes(ending));
  const pairs = Object.entries(ENDINGS).flatMap(([type, endings]) => endings.split(" ").map((ending) => [type, ending]));
  const wrong = pairs.filter(([type, ending]) => !isKnown(type, ending));

  assert.deepEqual(wrong, []);
});

test("the file picker offers a type by all its names and endings", () => {
  assert.equal(acceptAttribute({ accept: ["image/*", "application/zip"] }), "image/*,application/zip,application/x-zip-compressed,application/x-zip,.zip");
  assert.equal(acceptAttribute({ accept: ["*/*"] }), null);
});

test("types are named as people name them", english, () => {
  const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

  assert.equal(typeWords({ accept: ["audio/mpeg", "audio/mp3", word, "text/plain", "x/x-odd"] }), "MP3, DOCX, TXT, ODD");
});

const CLIPBOARDS = [
  ["", ["cat.png"], true],
  ["cat.png", ["cat.png"], true],
  ["a.png\nb.png\n", ["b.png", "a.png"], true],
  ["/home/me/100%.png", ["100%.png"], true],
  ["file:///home/me/my%20cat.png", ["my cat.png"], true],
  ["file:///home/me/%", ["%"], true],
  ["a.png\nand some words", ["a.png"], false],
  ["The cat", ["image.png"], false],
];
for (const [text, names, are] of CLIPBOARDS) {
  test(`${JSON.stringify(text)} ${are ? "only names" : "does not only name"} ${names}`, () => {
    assert.equal(areNamesOf(text, names.map((name) => ({ name }))), are);
  });
}
