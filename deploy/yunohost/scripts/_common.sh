#!/bin/bash

# Install the bot from what this package brings: everything by its hash, nothing is compiled.
install_program() {
    local conf="$1"
    ynh_safe_rm "$install_dir/venv"
    python3 -m venv "$install_dir/venv"
    ynh_hide_warnings "$install_dir/venv/bin/pip" install --no-cache-dir --only-binary=:all: \
        --require-hashes --requirement "$conf"/minga-*.lock
    ynh_hide_warnings "$install_dir/venv/bin/pip" install --no-cache-dir --no-index --no-deps \
        "$conf"/minga-*.whl
}

# The configuration and the secrets are the bot's alone.
protect_configuration() {
    chown -R "$app:$app" "$install_dir/config"
    chmod -R u=rwX,go= "$install_dir/config"
}

run_minga() {
    MINGA_STORAGE__DATA_DIR="$data_dir" "$install_dir/venv/bin/minga" "$@"
}
