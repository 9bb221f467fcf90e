/** The plots of the activity view and the numbers that each one draws. */
const seconds = (name, share) => (bucket) => bucket[name]?.[share] ?? null;
const counted = (name) => (bucket) => bucket[name] ?? 0;

/** A plot is {name, unit, series: [{name, tone, read(bucket)}]}; tones are design tokens. */
export const PLOTS = [
  {
    name: "queue_time",
    unit: "seconds",
    series: [
      { name: "p50", tone: "--accent", read: seconds("queue_time", "p50") },
      { name: "p95", tone: "--warn", dash: [6, 4], read: seconds("queue_time", "p95") },
    ],
  },
  {
    name: "run_time",
    unit: "seconds",
    series: [
      { name: "p50", tone: "--accent", read: seconds("run_time", "p50") },
      { name: "p95", tone: "--warn", dash: [6, 4], read: seconds("run_time", "p95") },
    ],
  },
  {
    name: "throughput",
    unit: "requests",
    series: [
      { name: "accepted", tone: "--ink-line", dash: [2, 3], read: counted("accepted") },
      { name: "completed", tone: "--good", read: counted("completed") },
    ],
  },
  {
    name: "failures",
    unit: "requests",
    series: [
      { name: "failed", tone: "--bad", read: counted("failed") },
      { name: "timed_out", tone: "--warn", dash: [6, 4], read: counted("timed_out") },
      { name: "cancelled", tone: "--ink-line", dash: [2, 3], read: counted("cancelled") },
    ],
  },
];
