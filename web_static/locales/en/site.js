/** English: what every page shares. */
export default {
  "site.name": "WebSocket Spaces",
  "site.skip": "Skip to content",
  "site.api": "API description",
  "site.needs_script": "This page needs JavaScript; the API works without it.",
  "site.loading": "Loading…",
  "site.language": "Language",

  "copy.copy": "Copy",
  "copy.copied": "Copied",
  "copy.failed": "Not copied",

  "delete.delete": "Delete",
  "delete.sure": "Delete for everyone?",
  "delete.sure_words": "Press again to delete the request, its answer and its files. Links to it will stop working. Press Escape to keep it.",
  "delete.deleted": "Deleted.",
  "delete.failed": "Not deleted",

  "time.in": "in {duration}",
  "time.now": "now",
  "time.under": "under {count} s",
  "time.seconds": "{count} s",
  "time.minutes": "{count} min",
  "time.minutes_seconds": "{minutes} min {seconds} s",
  "time.hours": "{count} h",
  "time.hours_minutes": "{hours} h {minutes} min",
  "time.days": { one: "{count} day", other: "{count} days" },
  "size.bytes": { one: "{count} byte", other: "{count} bytes" },
  "size.kilobytes": "{count} KB",
  "size.megabytes": "{count} MB",
};
