# Sourced by scripts that work, as root and in mount and process namespaces of their own, in minimal
# Debian systems that they make. `system` is the folder of the one in question.

owned=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)

# The mirror of a Debian suite that this machine uses.
mirror() {  # LABEL CODENAME DEFAULT
    local found
    found=$(apt-get indextargets --format '$(LABEL) $(CODENAME) $(COMPONENT) $(REPO_URI)' \
        'Created-By: Packages' 2>/dev/null |
        awk -v label="$1" -v name="$2" '$1 == label && $2 == name && $3 == "main" { print $4; exit }')
    echo "${found:-$3}"
}

# A minimal system in $system; suites that this machine does not use come from its bookworm's mirror.
make_system() {  # CODENAME PACKAGE,… [OPTION…]
    local codename=$1 packages=$2 main
    shift 2
    main=$(mirror Debian "$codename" "$(mirror Debian bookworm http://deb.debian.org/debian)")
    echo "A clean Debian $codename from $main"
    # The recipe `sid` serves every suite, also those that are younger than this debootstrap.
    timeout -k 10 1200 debootstrap --variant=minbase --include="$packages" "$@" \
        "$codename" "$system" "$main" sid >"$system.log" 2>&1 ||
        { tail -n 40 "$system.log"; return 1; }
    # Like debootstrap: signatures count, but a mirror may lag behind (testing's lists last a week).
    echo 'Acquire::Check-Valid-Until "false";' >"$system/etc/apt/apt.conf.d/98lagging"
}

# From here on the new system is / and nothing of this machine can be reached, the folders excepted.
# (Not chroot: inside one no ordinary user may make the network namespaces that the tests need.)
enter_system() {  # [FOLDER…]
    local folder
    mount --bind "$system" "$system"
    mount -t proc proc "$system/proc"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$system/dev/pts"
    mkdir -p "$system/dev/shm" "$system/mnt/outside"
    mount -t tmpfs -o mode=1777 tmpfs "$system/dev/shm"
    for folder; do
        mkdir -p "$system$folder"
        mount --bind "$folder" "$system$folder"
    done
    cd "$system"
    pivot_root . mnt/outside
    cd /
    umount --lazy /mnt/outside
}

# The same path inside, if the file exists here.
copy() {
    local path
    for path; do
        if [[ -f $path ]]; then
            mkdir -p "$system$(dirname "$path")"
            cp -L "$path" "$system$path"
        fi
    done
}

pass_settings_on() {
    local name
    copy /etc/resolv.conf /etc/hosts
    apt-config dump | grep -E '^Acquire::https?::(Proxy|CaInfo)' >"$system/etc/apt/apt.conf.d/99host" || true
    copy /etc/pip.conf /etc/xdg/pip/pip.conf "${PIP_CONFIG_FILE-}" "${PIP_CERT-}" "${SSL_CERT_FILE-}" \
        "${REQUESTS_CA_BUNDLE-}" "${CURL_CA_BUNDLE-}" /etc/ssl/certs/ca-certificates.crt
    for name in .config/pip/pip.conf .pip/pip.conf; do
        if [[ -f $HOME/$name ]]; then
            mkdir -p "$system/etc/skel/$(dirname "$name")" "$system/root/$(dirname "$name")"
            cp -L "$HOME/$name" "$system/etc/skel/$name"
            cp -L "$HOME/$name" "$system/root/$name"
        fi
    done
    # What these name must be there, too.
    while IFS= read -r name; do copy "$name"; done < <(
        cat /etc/pip.conf /etc/xdg/pip/pip.conf "$HOME/.config/pip/pip.conf" "$HOME/.pip/pip.conf" \
            "${PIP_CONFIG_FILE:-/dev/null}" 2>/dev/null |
            sed -n 's/^ *constraint *= *//p' | tr -s ' ' '\n'
        tr -s ' ' '\n' <<<"${PIP_CONSTRAINT-}"
    )
    # Neither LANG nor HOME nor anything else of this machine.
    while IFS= read -r name; do owned+=("$name=${!name}"); done < <(
        compgen -e | grep -E '^(PIP_.*|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$|_(proxy|PROXY)$'
    )
}

# After enter_system.
inside() {  # USER SCRIPT [ARGUMENT…]
    local user=$1 home=/root
    [[ $user == root ]] || home=/home/$user
    env -i "${owned[@]}" HOME="$home" setpriv --reuid "$user" --regid "$user" --init-groups \
        /bin/bash -euo pipefail -c "${@:2:1}" bash "${@:3}" </dev/null
}
