import { count, say } from "./format.js";
import { Icon } from "./icon.js";

/** A removal that is too large to happen by itself: what would go, and the two ways on. */
export const HeldCard = {
  components: { Icon },
  template: `
    <section class="tb-card tb-held" :aria-labelledby="titleId">
      <h2 :id="titleId">{{ title }}</h2>
      <p>{{ reason }}</p>
      <p v-if="byRule" class="tb-note">{{ byRule }}</p>
      <details v-if="held.examples.length" open>
        <summary>{{ texts.examples }}</summary>
        <ul class="tb-examples">
          <li v-for="path in held.examples" :key="path"><code>{{ path }}</code></li>
          <li v-if="more > 0">{{ say(texts, "and_more", { count: more }) }}</li>
        </ul>
      </details>
      <div class="tb-deeds">
        <button type="button" class="tb-primary" :aria-disabled="busy || null"
                @click="busy || $emit('act', 'scan')">{{ texts.look_again }}</button>
        <button type="button" class="tb-chip" :aria-disabled="busy || null"
                @click="busy || $emit('act', 'confirm')">{{ texts.let_go }}</button>
      </div>
    </section>`,
  props: {
    folder: Object,
    number: Number,
    busy: { type: String, default: "" },
    texts: Object,
  },
  emits: ["act"],
  computed: {
    titleId() {
      return `tb-held-${this.number}`;
    },
    held() {
      return this.folder.held;
    },
    title() {
      const { count: gone, total } = this.held;
      const key = this.held.gone ? "held" : "held_rule";
      return say(this.texts, key, { count: gone, total, folder: this.folder.name });
    },
    reason() {
      return this.texts[this.folder.online ? "held_reason" : "held_offline"];
    },
    byRule() {
      const others = this.held.count - this.held.gone;
      return this.held.gone && others ? say(this.texts, "held_part", { count: others }) : "";
    },
    more() {
      return this.held.count - this.held.examples.length;
    },
  },
  methods: { count, say },
};
