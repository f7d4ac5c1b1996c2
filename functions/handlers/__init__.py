"""What AWS calls. Each of these processes holds keys, and starts programs that read strangers' documents."""

from folio.config.environment import hide_environment

hide_environment()
