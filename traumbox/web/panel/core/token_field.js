import { say } from "./format.js";
import { Icon } from "./icon.js";

/** Several words of a kind: typed or chosen from what is offered, each removable. */
export const TokenField = {
  components: { Icon },
  template: `
    <div class="tb-tokens">
      <label :for="id">{{ label }}</label>
      <div class="tb-token-line">
        <input :id="id" ref="field" v-model="typed" type="text" class="tb-input" autocomplete="off"
               autocapitalize="off" maxlength="200" :list="id + '-offered'"
               @input="inputted" @keydown.enter.prevent="take">
        <button type="button" class="tb-chip" @click="take">{{ texts.add }}</button>
      </div>
      <datalist :id="id + '-offered'"><option v-for="one in offered" :key="one" :value="one" /></datalist>
      <ul v-if="modelValue.length" class="tb-chips">
        <li v-for="word in modelValue" :key="word">
          <button type="button" class="tb-chip on" :aria-label="say(texts, 'remove', { words: word })"
                  @click="remove(word)"><span class="tb-chip-text">{{ word }}</span>
            <Icon name="close" /></button></li>
      </ul>
    </div>`,
  props: { modelValue: Array, id: String, label: String, offered: { type: Array, default: () => [] }, texts: Object },
  emits: ["update:modelValue", "typed"],
  data: () => ({ typed: "" }),
  methods: {
    say,
    inputted(event) {
      // A choice of the list arrives as an input of its whole text, by no key.
      const isChosen = event.inputType === undefined || event.inputType === "insertReplacementText";
      if (isChosen && this.offered.includes(this.typed)) this.take();
      else this.$emit("typed", this.typed);
    },
    take() {
      const word = this.typed.trim();
      this.typed = "";
      if (word && !this.modelValue.includes(word)) this.$emit("update:modelValue", [...this.modelValue, word]);
    },
    /**
     * What is typed but not yet taken counts too when the form is sent. Not when the field is left:
     * what is pressed next would move away under the finger.
     */
    finish() {
      this.take();
    },
    remove(word) {
      this.$emit("update:modelValue", this.modelValue.filter((one) => one !== word));
      this.$refs.field.focus();
    },
  },
};
