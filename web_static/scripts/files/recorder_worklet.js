/** Runs on the audio thread: passes samples on in batches. */
const SAMPLES = 4096;

registerProcessor(
  "tap",
  class extends AudioWorkletProcessor {
    #held = new Float32Array(SAMPLES);
    #count = 0;

    process([[samples]]) {
      for (const sample of samples ?? []) {
        this.#held[this.#count++] = sample;
        if (this.#count === SAMPLES) this.#handOn();
      }
      return true;
    }

    #handOn() {
      this.port.postMessage(this.#held.slice());
      this.#count = 0;
    }
  },
);
