// A stand-in: it takes the options, and sends nothing.
exports.useInngest = (options) => ({ options })
