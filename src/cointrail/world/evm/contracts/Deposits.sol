// SPDX-License-Identifier: MIT
// SYNTHETIC TRAINING DATA: contracts of a classroom chain (chain id 31337), worth nothing anywhere.
pragma solidity 0.8.30;

interface Token {
    function balanceOf(address account) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// The deposit address of one customer: passes coins on at once and tokens when its office says so.
contract Forwarder {
    address public immutable office;
    address payable public immutable vault;

    constructor(address payable vault_) {
        office = msg.sender;
        vault = vault_;
    }

    receive() external payable {
        (bool done, ) = vault.call{value: msg.value}("");
        require(done, "vault refused");
    }

    function sweep(Token token) external {
        require(msg.sender == office, "only the office");
        require(token.transfer(vault, token.balanceOf(address(this))), "token refused");
    }
}

/// Opens a forwarder for each customer, and sweeps many in one transaction.
contract DepositOffice {
    event Opened(address indexed forwarder, uint256 indexed customer);

    address public immutable keeper;
    address payable public immutable vault;

    constructor(address payable vault_) {
        keeper = msg.sender;
        vault = vault_;
    }

    function open(uint256 customer) external {
        require(msg.sender == keeper, "only the keeper");
        emit Opened(address(new Forwarder{salt: bytes32(customer)}(vault)), customer);
    }

    function sweep(Token token, Forwarder[] calldata forwarders) external {
        require(msg.sender == keeper, "only the keeper");
        for (uint256 i = 0; i < forwarders.length; i++) forwarders[i].sweep(token);
    }
}
