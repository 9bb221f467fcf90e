/** A file name without invisible characters, some of which would reverse "exe.png". Pure. */
export const visibleName = (name) => name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "") || "file";
