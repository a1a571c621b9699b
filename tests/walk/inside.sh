# The machine of the walk, and the walk. In new namespaces for mounts, network and processes, as root:
#   inside.sh FOLDER SOURCE PYTHON
# FOLDER has the commands (follow.sh, yearly), wheels/, certificates; SOURCE is feedpub's source; PYTHON runs the tests' world.
set -eu
folder=$1 source=$2 python=$3
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# A disk whose changes are forgotten, and a network that ends at this machine.
over=$folder/over
mkdir -p "$over"
mount -t tmpfs tmpfs "$over"
for name in etc srv var usr/local; do
  mkdir -p "$over/$name/upper" "$over/$name/work"
  mount -t overlay overlay -o "lowerdir=/$name,upperdir=$over/$name/upper,workdir=$over/$name/work" "/$name"
done
mount -t tmpfs -o mode=755 tmpfs /run
ip link set lo up
mkdir -p /usr/local/src/feedpub /usr/local/wheels
mount --bind "$source" /usr/local/src/feedpub
mount --bind "$folder/wheels" /usr/local/wheels
cp "$folder/authority.pem" "$folder/feeds.pem" /etc/ssl/
chmod 644 /etc/ssl/authority.pem

# The world beyond, and the way there.
PYTHONPATH=$source "$python" -m tests.walk.world "$folder" &
cat >> /etc/environment <<END
https_proxy=http://127.0.0.1:3128
REQUESTS_CA_BUNDLE=/etc/ssl/authority.pem
END
set -a; . /etc/environment; set +a
export PIP_NO_INDEX=1 PIP_FIND_LINKS=/usr/local/wheels PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_QUIET=1

# What cannot be had here: packages are installed already, and nobody outside can prove the name.
cat > /usr/local/sbin/apt-get <<'END'
#!/bin/sh
set -e
for name in "$@"; do
  case $name in
    nginx) rm -f /etc/nginx/sites-enabled/*; service nginx start ;;
    cron) echo > /etc/default/locale; sed -i '/pam_loginuid/d' /etc/pam.d/cron; service cron start ;;
  esac
done
END
cat > /usr/local/sbin/certbot <<'END'
#!/bin/sh
set -e
tls='listen 443 ssl; ssl_certificate /etc/ssl/feeds.pem; ssl_certificate_key /etc/ssl/feeds.pem;'
sed -i "s|^    listen 80;|    listen 80; $tls|" /etc/nginx/sites-available/feeds
service nginx reload
END
chmod 755 /usr/local/sbin/apt-get /usr/local/sbin/certbot
until [ -e "$folder/ready" ]; do sleep 0.1; done

. "$folder/follow.sh"

# Cron does the rest, within its minute.
before=$(wc -l < "$folder/heard")
for _ in $(seq 90); do
  [ "$(wc -l < "$folder/heard")" -gt "$before" ] && break
  sleep 1
done
[ "$(wc -l < "$folder/heard")" -gt "$before" ] || { echo "cron has called nothing"; exit 1; }
echo "cron has called feedpub"
feedpub check
service cron stop

# What comes up once a year, a command at a time.
set +e
while IFS= read -r line <&3; do
  echo "+ $line"
  eval "$line"
  echo "= $?"
done 3< "$folder/yearly"
