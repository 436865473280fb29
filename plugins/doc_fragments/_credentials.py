# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only. Mirrors module_utils/_options.py; a unit test compares the two.

from __future__ import annotations


class ModuleDocFragment:
    """The group CREDENTIALS."""

    DOCUMENTATION = r"""
requirements:
  - requests
  - msal >= 1.35, unless O(access_token) is given or O(auth_method=azure_cli) is used
options:
  auth_method:
    description:
      - How to sign in.
      - With V(auto) the method follows from what is given, in this order. An O(access_token) wins. Otherwise it is
        O(client_secret), O(certificate_path), or O(federated_token) or O(federated_token_file); more than one of these
        kinds is an error. Where none is given, a managed identity that the environment announces is used
        (C(IDENTITY_ENDPOINT) or C(MSI_ENDPOINT)), else the Azure CLI where it is installed.
      - The method that was used is returned as RV(ignore:signed_in_with).
      - If not set, the environment variable E(ENTRA_AUTH_METHOD) is used.
    type: str
    choices: [auto, client_secret, certificate, federated, managed_identity, azure_cli, access_token]
    default: auto
  tenant_id:
    description:
      - The id or a verified domain name of the tenant.
      - If not set, the environment variable E(AZURE_TENANT_ID) or E(AZURE_TENANT) is used.
    type: str
    aliases: [tenant]
  client_id:
    description:
      - The application (client) id of the identity that signs in; for O(auth_method=managed_identity), the client id of
        a user-assigned identity.
      - If not set, the environment variable E(AZURE_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - A client secret of the application.
      - If not set, the environment variable E(AZURE_CLIENT_SECRET) or E(AZURE_SECRET) is used.
    type: str
    aliases: [secret]
  certificate_path:
    description:
      - A file with a certificate that is registered with the application, and its private key. PEM and PKCS#12 are
        understood. An empty file counts as not set.
      - If not set, the environment variable E(AZURE_CLIENT_CERTIFICATE_PATH) or E(AZURE_X509_CERTIFICATE_PATH) is used.
    type: path
  certificate_password:
    description:
      - Opens a protected O(certificate_path).
      - If not set, the environment variable E(AZURE_CLIENT_CERTIFICATE_PASSWORD) is used.
    type: str
  federated_token:
    description:
      - A token of an issuer that a federated credential of the application trusts.
      - If not set, the environment variable E(AZURE_FEDERATED_TOKEN) is used.
    type: str
  federated_token_file:
    description:
      - A file with such a token. It is read anew for every sign-in.
      - If not set, the environment variable E(AZURE_FEDERATED_TOKEN_FILE) is used.
    type: path
  access_token:
    description:
      - A ready token for Microsoft Graph. It wins over everything else and is not renewed.
      - If not set, the environment variable E(GRAPH_ACCESS_TOKEN) or E(AZURE_ACCESS_TOKEN) is used.
    type: str
  cloud:
    description:
      - The cloud of the tenant.
      - If not set, the environment variable E(AZURE_CLOUD) or E(AZURE_CLOUD_ENVIRONMENT) is used; the spellings of the
        Azure tools, such as V(AzureUSGovernment), are understood there.
    type: str
    choices: [global, usgov, usgov_dod, china]
    default: global
  authority:
    description:
      - The address of the sign-in service, in the place of the one that O(cloud) implies. It must be encrypted
        (V(https://)) and hold no name or password.
      - If not set, the environment variable E(AZURE_AUTHORITY_HOST) is used.
    type: str
  graph_endpoint:
    description:
      - The address of Microsoft Graph, in the place of the one that O(cloud) implies. It must be encrypted (V(https://))
        and hold no name or password. The token goes nowhere else, whatever the service names as a next page.
      - If not set, the environment variable E(GRAPH_ENDPOINT) is used.
    type: str
  api_version:
    description: The version of the Graph API.
    type: str
    choices: [v1.0, beta]
    default: v1.0
  ca_path:
    description:
      - A file with the certificates to trust, in the place of the usual ones. It wins over C(REQUESTS_CA_BUNDLE).
      - If not set, the environment variable E(ENTRA_CA_PATH) is used.
    type: path
  validate_certs:
    description: Set to V(false) to accept any certificate. Never do so with real credentials.
    type: bool
    default: true
  timeout:
    description:
      - The seconds that the whole task may take. Retries, waits, slow answers, long lists and the Azure CLI are
        included.
    type: int
    default: 300
"""
