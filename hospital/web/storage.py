"""Static files with their content's hash in the name, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Statics(CompressedManifestStaticFilesStorage):
    # Without it `import "./app.js"` names the unhashed file: a second copy of the module would
    # run beside the page's own, and every click would count twice.
    support_js_module_import_aggregation = True
