"""The prep card. It stands above the duties that bring it their lines, so that none of them needs to know it."""
