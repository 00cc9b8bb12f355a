import { Icon } from "./icon.js";

/** A native modal dialog: it keeps the focus, closes on Escape and gives the focus back. */
export const Sheet = {
  components: { Icon },
  template: `
    <dialog class="tb-sheet" :aria-labelledby="titleId" @close="$emit('close')"
            @click.self="$el.close()">
      <div v-if="open" class="tb-sheet-body">
        <div class="tb-sheet-head">
          <h2 :id="titleId">{{ title }}</h2>
          <button type="button" class="tb-button" :aria-label="closeLabel" @click="$el.close()">
            <Icon name="close" />
          </button>
        </div>
        <slot />
      </div>
    </dialog>`,
  props: { open: Boolean, title: String, titleId: String, closeLabel: String },
  emits: ["close"],
  watch: {
    open(isOpen) {
      if (isOpen) this.$nextTick(() => this.$el.showModal());
      else if (this.$el.open) this.$el.close();
    },
  },
};
