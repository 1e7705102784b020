"""One folder per channel: payload -> Turn, Reply -> payload, and the authentication of the channel itself."""
