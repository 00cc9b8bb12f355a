import { say, size } from "./format.js";
import { keepFocus, mainContent } from "./keep_focus.js";
import { changeWork, fetchStep, fetchWork } from "./model_work.js";
import { WorkProgress } from "./work_progress.js";

const COMES_ALONG = ["builtin"]; // with traumbox: nothing to check, nothing to remove

/** One model: what it is, how it stands, and what can be done about it just now. */
export const ModelCard = {
  components: { WorkProgress },
  mixins: [keepFocus],
  template: `
    <article class="tb-card tb-model" :class="{ serving: model.serving }" tabindex="-1"
             :aria-labelledby="titleId">
      <header class="tb-card-head">
        <h2 :id="titleId">{{ model.title }}</h2>
        <span class="tb-tag" :class="tag.tone">{{ tag.text }}</span>
      </header>
      <p class="tb-note">{{ model.purpose }}</p>
      <dl class="tb-facts-line">
        <div><dt>{{ texts.licence }}</dt><dd>{{ model.licence }}</dd></div>
        <div v-if="model.download_bytes"><dt>{{ texts.download_size }}</dt>
          <dd class="tb-num">{{ size(model.download_bytes) }}</dd></div>
        <div v-if="model.tracks"><dt>{{ texts.heard_with }}</dt><dd class="tb-num">{{ heard }}</dd></div>
      </dl>
      <p v-if="model.note" class="tb-card-note" :class="{ off: model.state === 'damaged' }">
        {{ model.note }}</p>
      <WorkProgress v-for="work in works" :key="work.key" :work="work" />
      <div v-if="actions.length" class="tb-deeds">
        <button v-for="action in actions" :key="action.key" type="button"
                :class="action.primary ? 'tb-primary' : 'tb-chip'" :aria-disabled="busy || null"
                @click="busy || $emit('act', action)">
          {{ action.text }} <span class="tb-hidden">{{ model.title }}</span></button>
      </div>
      <p class="tb-said" role="status">{{ busy === "verify" ? texts.verifying : said.news }}</p>
      <p v-if="said.problem" class="tb-problem" role="alert">{{ said.problem }}</p>
    </article>`,
  props: {
    model: Object,
    fetch: { type: Object, default: null }, // of this model, as are the following
    change: { type: Object, default: null },
    names: Object, // of all models, for sentences
    tracksInUse: Number,
    busy: { type: String, default: "" },
    said: Object,
    texts: Object,
  },
  emits: ["act"],
  computed: {
    titleId() {
      return `tb-model-${this.model.name}`;
    },
    heard() {
      return say(this.texts, "tracks", { count: this.model.tracks });
    },
    tag() {
      const [tone, key] = this.standing();
      return { tone, text: this.texts[`tag_${key}`] };
    },
    works() {
      const { texts, fetch, change, model } = this;
      const works = [];
      if (fetch) works.push({ key: "fetch", ...fetchWork(texts, fetch, model.title) });
      if (change) works.push({ key: "change", ...changeWork(texts, change, this.names) });
      return works;
    },
    actions() {
      return [...this.gettingActions(), ...this.usingActions(), ...this.keepingActions()];
    },
  },
  beforeUnmount() {
    if (this.$el.contains(document.activeElement)) mainContent().focus();
  },
  methods: {
    size,
    fallback() {
      return this.$el;
    },
    standing() {
      if (this.model.serving) return ["", "serving"];
      if (this.change) return this.change.paused ? ["off", "paused"] : ["busy", "changing"];
      if (this.fetch?.stage === "waiting") return ["off", "waiting"];
      if (this.fetch) return ["busy", fetchStep(this.fetch)];
      return [this.model.state === "damaged" ? "bad" : "plain", this.model.state];
    },
    gettingActions() {
      const { model, fetch, texts } = this;
      if (fetch) {
        const stop = { key: "stop", do: "stop", text: texts.stop };
        const now = { key: "try_now", do: "fetch", text: texts.try_now, primary: true };
        return fetch.stage === "waiting" ? [now, stop] : [stop];
      }
      if (model.state === "installed" || !model.download_bytes) return [];
      const key = model.state === "absent" ? "download" : "download_again";
      const text = say(texts, key, { size: size(model.download_bytes) });
      return [{ key, do: "fetch", text, primary: true }];
    },
    usingActions() {
      const { model, change, texts } = this;
      if (change) {
        const held = change.paused ? "resume" : "pause";
        return [
          { key: "hold", do: held, text: texts[held] },
          { key: "use_now", do: "use_now", text: texts.switch_now, ask: true },
          { key: "cancel", do: "cancel", text: texts.cancel },
        ];
      }
      if (model.serving || model.state !== "installed") return [];
      const use = { key: "use", do: "use", text: texts.use, primary: true };
      const now = { key: "use_now", do: "use_now", text: texts.use_now, ask: true };
      return model.tracks < this.tracksInUse ? [use, now] : [use];
    },
    keepingActions() {
      const { model, change, fetch, texts } = this;
      if (COMES_ALONG.includes(model.name) || fetch) return [];
      const isThere = model.state !== "absent";
      const verify = { key: "verify", do: "verify", text: texts.verify };
      const remove = { key: "remove", do: "remove", text: texts.remove, ask: true };
      const mayRemove = !model.serving && !change && (isThere || model.tracks);
      return [isThere && verify, mayRemove && remove].filter(Boolean);
    },
  },
};
